// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/lane_array.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 2> kLaneCounters{
    {{"vectors", "vectors", "Chunks of keys and rows of V multiplied."},
     {"operand_cycles", "cycles", "What its bank needed to read the vectors."}}};

}  // namespace

const UnitKind& lane_kind() {
  static constexpr UnitKind kKind{
      "lane", "Multiplies a vector at a time with a query, or with a probability.", kLaneCounters,
      true};
  return kKind;
}

LaneArray::LaneArray(std::string name, const LaneConfig& config, const Ports& ports)
    : Unit(std::move(name)),
      config_(config),
      in_arrivals_(listen(ports.in_arrivals)),
      in_wait_(listen(ports.in_wait)),
      out_scores_(drive(ports.out_scores)),
      out_values_(drive(ports.out_values)),
      lanes_(static_cast<std::size_t>(config.lanes)) {}

void LaneArray::tick(Cycle now) {
  using State = TimeSplit<LaneWait>::State;
  finish(now);
  start(now);
  const LaneWait wait = in_wait_.get(now);
  for (Lane& lane : lanes_) {
    if (!lane.taken && wait == LaneWait::Count)
      lane.time.enter({State::Idle}, now);
    else if (!lane.taken)
      lane.time.enter({State::Blocked, wait}, now);
    else if (now < lane.computed_at)
      lane.time.enter({State::Busy}, now);
    else if (now < lane.done_at)
      lane.time.enter({State::Blocked, LaneWait::SramBank}, now);
    else
      lane.time.enter({State::Blocked, LaneWait::Output}, now);
  }
}

void LaneArray::finish(Cycle now) {
  for (Lane& lane : lanes_) {
    if (!lane.taken || now < lane.done_at) continue;
    Channel<LaneResult>& way = lane.value ? out_values_ : out_scores_;
    if (!way.can_push(now)) continue;
    lane.path.work_until(account_index(), lane.computed_at);
    if (operand_account_) lane.path.work_until(*operand_account_, lane.done_at);
    way.push(now, lane.result, lane.path);
    if (timeline() != nullptr) [[unlikely]]
      timeline()->span(name(), lane.value ? "value" : "key", lane.started_at, lane.done_at);
    lane.taken = false;
  }
}

void LaneArray::start(Cycle now) {
  for (Lane& lane : lanes_) {
    if (lane.taken) continue;
    if (next_ == arrival_.vectors) {
      if (!in_arrivals_.can_pop(now)) return;
      arrival_ = in_arrivals_.pop(now, &lane.path);
      next_ = 0;
      arrived_at_ = now;
      arrival_path_ = lane.path;
    } else if (now == arrived_at_) {
      lane.path = arrival_path_;
    }
    lane.taken = true;
    lane.value = arrival_.values;
    lane.result = {arrival_.job, next_++, arrival_.tests};
    lane.started_at = now;
    lane.computed_at = now + Cycles{arrival_.compute};
    lane.done_at = std::max(lane.computed_at, now + Cycles{arrival_.operands});
    ++lane.vectors;
    lane.operand_cycles += Cycles{arrival_.operands};
  }
}

Cycle LaneArray::next_event(Cycle now) const {
  Cycle next = kNever;
  for (const Lane& lane : lanes_)
    if (lane.taken && lane.done_at > now)
      next = std::min(next, lane.computed_at > now ? lane.computed_at : lane.done_at);
  return next;
}

void LaneArray::close(Cycle end) {
  for (Lane& lane : lanes_) lane.time.close(end);
}

std::vector<UnitReport> LaneArray::reports() const {
  std::vector<UnitReport> all;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    all.push_back(account(lanes_[i].time, EnumNames<LaneWait>::kNames,
                          {lanes_[i].vectors, lanes_[i].operand_cycles.count}));
    all.back().instance = fmt::format("{}{}", name(), i);
  }
  return all;
}

std::string LaneArray::describe_wait() const {
  const bool full = std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.taken; });
  return full ? "results not taken" : "";
}

}  // namespace hdp
