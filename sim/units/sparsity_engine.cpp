// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/sparsity_engine.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 2> kSparsityEngineCounters{
    {{"tiles", "tiles", "Tiles of integer scores whose block importances were summed."},
     {"strips", "strips", "Strips whose thresholds and masks were made."}}};

}  // namespace

const UnitKind& sparsity_engine_kind() {
  static constexpr UnitKind kKind{"sparsity_engine",
                                  "Block importances, row thresholds, masks and the head decision.",
                                  kSparsityEngineCounters};
  return kKind;
}

Cycles engine_add_cycles(const SparsityEngineConfig& config, std::int64_t blocks) {
  return {ceil_div(blocks, config.blocks_per_cycle)};
}

Cycles engine_select_cycles(const SparsityEngineConfig& config, std::int64_t blocks) {
  return {config.threshold_cycles + ceil_div(blocks, config.compares_per_cycle)};
}

SparsityEngine::SparsityEngine(std::string name, Channel<EngineTile>& in_tiles,
                               Channel<StripMask>& out_masks)
    : Unit(std::move(name)), in_tiles_(listen(in_tiles)), out_masks_(drive(out_masks)) {}

void SparsityEngine::tick(Cycle now) {
  using State = TimeSplit<EngineWait>::State;
  if (busy_ && done_at_ <= now && (tile_.select == 0 || out_masks_.can_push(now))) finish(now);
  if (!busy_ && in_tiles_.can_pop(now)) start(now);
  if (!busy_)
    time_.enter({State::Idle}, now);
  else if (now < done_at_)
    time_.enter({State::Busy}, now);
  else
    time_.enter({State::Blocked, EngineWait::Output}, now);
}

void SparsityEngine::finish(Cycle now) {
  if (tile_.select != 0) {
    out_masks_.push(now, {tile_.id});
    ++strips_;
  }
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(this->name(), tile_.select != 0 ? "select" : "add", started_at_, done_at_);
  busy_ = false;
}

void SparsityEngine::start(Cycle now) {
  tile_ = in_tiles_.pop(now);
  busy_ = true;
  started_at_ = now;
  done_at_ = now + Cycles{std::max(1, tile_.add + tile_.select)};
  ++tiles_;
}

Cycle SparsityEngine::next_event(Cycle now) const {
  return busy_ && now < done_at_ ? done_at_ : kNever;
}

std::string SparsityEngine::describe_wait() const { return busy_ ? "mask not taken" : ""; }

}  // namespace hdp
