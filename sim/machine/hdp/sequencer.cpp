// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/sequencer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace hdp {
namespace {

PhaseRecord& phase_of(Context& context, RecordedPhase phase) {
  return context.phases[static_cast<std::size_t>(phase)];
}

RecordedPhase recorded(Phase phase) {
  switch (phase) {
    case Phase::Integer:
      return RecordedPhase::Integer;
    case Phase::Fraction:
      return RecordedPhase::Fraction;
    case Phase::Score:
      return RecordedPhase::Score;
    default:
      return RecordedPhase::Value;
  }
}

}  // namespace

Sequencer::Sequencer(std::string name, const Ports& ports, std::int64_t contexts)
    : Unit(std::move(name)),
      out_jobs_(drive(ports.out_jobs)),
      out_wait_(drive(ports.out_wait)),
      out_fetches_(drive(ports.out_fetches)),
      in_jobs_done_(listen(ports.in_jobs_done)),
      in_masks_(listen(ports.in_masks)),
      in_probabilities_(listen(ports.in_probabilities)),
      in_fetches_done_(listen(ports.in_fetches_done)),
      contexts_(static_cast<std::size_t>(contexts)) {
  by_age_.reserve(contexts_.size());
}

void Sequencer::assign(std::span<const HeadWork* const> heads) {
  heads_.assign(heads.begin(), heads.end());
  next_head_ = 0;
  records_.clear();
  records_.reserve(heads.size());
  wake(Cycle{0});
}

void Sequencer::tick(Cycle now) {
  using State = TimeSplit<ControlWait>::State;
  progress_ = false;
  take_results(now);
  release_finished();
  take_heads();
  progress_ |= ask_for_load(now);
  progress_ |= give_job(now);
  out_wait_.set(now, active_ == 0 ? PeWait::Nothing : wait_of(contexts_[by_age_.front()]));
  time_.enter({active_ == 0 ? State::Idle : State::Busy}, now);
}

Cycle Sequencer::next_event(Cycle now) const { return progress_ ? now + Cycles{1} : kNever; }

void Sequencer::take_results(Cycle now) {
  while (in_jobs_done_.can_pop(now)) {
    const PeDone done = in_jobs_done_.pop(now);
    record(done);
    Context& context = contexts_[done.id.context];
    ++(done.phase == Phase::Fraction ? context.fractions_done
       : done.phase == Phase::Value  ? context.values_done
                                     : context.tiles_done);
  }
  while (in_masks_.can_pop(now)) {
    const StripMask mask = in_masks_.pop(now);
    Context& context = contexts_[mask.id.context];
    ++context.masks;
    phase_of(context, RecordedPhase::Decide).cover(now, now);
    if (context.strip(mask.id.strip).decides) context.decided = true;
  }
  while (in_probabilities_.can_pop(now)) {
    Context& context = contexts_[in_probabilities_.pop(now).id.context];
    ++context.probabilities;
    phase_of(context, RecordedPhase::Softmax).cover(now, now);
  }
  while (in_fetches_done_.can_pop(now)) {
    const FetchDone done = in_fetches_done_.pop(now);
    Context& context = contexts_[done.context];
    switch (static_cast<Stream>(done.stream)) {
      case Stream::Planes:
        ++context.plane_loads_done;
        break;
      case Stream::Kept:
        ++context.kept_loads_done;
        break;
      case Stream::Output:
        ++context.outputs_done;
        break;
    }
  }
}

void Sequencer::record(const PeDone& done) {
  Context& context = contexts_[done.id.context];
  phase_of(context, recorded(done.phase)).cover(done.start, done.end);
  if (done.phase == Phase::Value) return;
  const bool tile = done.phase != Phase::Fraction;
  if (tile && ++context.strip_tiles_done < context.strip(done.id.strip).tiles) return;
  if (tile) context.strip_tiles_done = 0;
  // The scores of a strip are complete: what comes behind the array begins.
  const auto next = done.phase == Phase::Integer ? RecordedPhase::Decide : RecordedPhase::Softmax;
  phase_of(context, next).cover(done.end, done.end);
}

void Sequencer::release_finished() {
  for (std::size_t i = 0; i < by_age_.size();) {
    Context& context = contexts_[by_age_[i]];
    if (!context.finished()) {
      ++i;
      continue;
    }
    records_.push_back({context.work->layer, context.work->head, context.phases});
    totals_.add(context.work->totals);
    ++heads_done_;
    --active_;
    context.work = nullptr;
    by_age_.erase(by_age_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void Sequencer::take_heads() {
  for (std::uint32_t slot = 0; slot < contexts_.size() && next_head_ < heads_.size(); ++slot) {
    if (contexts_[slot].work != nullptr) continue;
    contexts_[slot] = Context{.work = heads_[next_head_++]};
    contexts_[slot].decided = !contexts_[slot].work->prunes;
    by_age_.push_back(slot);
    ++active_;
    progress_ = true;
  }
}

bool Sequencer::ask_for_load(Cycle now) {
  if (!out_fetches_.can_push(now)) return false;
  for (const std::uint32_t slot : by_age()) {
    Context& context = contexts_[slot];
    if (ask_for_output(context, slot, now) || ask_for(context, slot, Stream::Planes, now) ||
        ask_for(context, slot, Stream::Kept, now))
      return true;
  }
  return false;
}

bool Sequencer::ask_for_output(Context& context, std::uint32_t slot, Cycle now) {
  const bool zeros = context.decided && !context.work->kept && context.work->write_zeros;
  const std::int64_t ready = zeros ? context.strips() : context.values_done;
  if (context.outputs_asked == ready) return false;
  const FetchRange& output = context.strip(context.outputs_asked++).output;
  out_fetches_.push(
      now, {&output, 1, slot, static_cast<std::uint8_t>(Stream::Output), Tensor::Out, true});
  return true;
}

bool Sequencer::ask_for(Context& context, std::uint32_t slot, Stream stream, Cycle now) {
  const bool planes = stream == Stream::Planes;
  if (!planes && !context.kept()) return false;
  const auto& loads = planes ? context.work->plane_loads : context.work->kept_loads;
  std::int64_t& asked = planes ? context.plane_loads_asked : context.kept_loads_asked;
  if (asked == static_cast<std::int64_t>(loads.size())) return false;
  const Load& load = loads[static_cast<std::size_t>(asked)];
  if (load.after > (planes ? context.tiles_done : context.values_done)) return false;
  ++asked;
  out_fetches_.push(now, {context.work->ranges.data() + load.first_range, load.ranges, slot,
                          static_cast<std::uint8_t>(stream), load.tensor, false});
  return true;
}

bool Sequencer::give_job(Cycle now) {
  if (!out_jobs_.can_push(now)) return false;
  for (const std::uint32_t slot : by_age()) {
    Context& context = contexts_[slot];
    if (give_value(context, slot, now) || give_fraction(context, slot, now) ||
        give_tile(context, slot, now))
      return true;
  }
  return false;
}

bool Sequencer::give_value(Context& context, std::uint32_t slot, Cycle now) {
  const std::int64_t s = context.values_given;
  if (s == context.strips() || s >= context.probabilities) return false;
  const StripWork& strip = context.strip(s);
  if (context.kept_loads_done < strip.value_loads) return false;
  ++context.values_given;
  out_jobs_.push(now, {.id = {slot, static_cast<std::uint32_t>(s)},
                       .phase = Phase::Value,
                       .compute = strip.value_cycles,
                       .operands = strip.value_operand_cycles});
  return true;
}

bool Sequencer::give_fraction(Context& context, std::uint32_t slot, Cycle now) {
  if (!context.work->prunes || !context.kept()) return false;
  const std::int64_t s = context.fractions_given;
  if (s == context.strips() || s >= context.masks || s >= context.values_done + kStripsInFlight)
    return false;
  const StripWork& strip = context.strip(s);
  if (context.kept_loads_done < strip.fraction_loads) return false;
  ++context.fractions_given;
  out_jobs_.push(now, {.id = {slot, static_cast<std::uint32_t>(s)},
                       .phase = Phase::Fraction,
                       .to_softmax = true,
                       .softmax = strip.softmax_cycles,
                       .compute = strip.fraction_cycles,
                       .operands = strip.fraction_operand_cycles});
  return true;
}

bool Sequencer::give_tile(Context& context, std::uint32_t slot, Cycle now) {
  if (context.all_tiles_given()) return false;
  const bool prunes = context.work->prunes;
  if (!prunes && context.tile_strip >= context.values_done + kStripsInFlight) return false;
  const StripWork& strip = context.strip(context.tile_strip);
  if (context.plane_loads_done < strip.loads_before(context.tile)) return false;
  const bool last = context.tile + 1 == strip.tiles;
  out_jobs_.push(now, {.id = {slot, static_cast<std::uint32_t>(context.tile_strip)},
                       .phase = prunes ? Phase::Integer : Phase::Score,
                       .to_engine = prunes,
                       .to_softmax = !prunes && last,
                       .engine_add = strip.engine_add,
                       .engine_select = last ? strip.engine_select : 0,
                       .softmax = strip.softmax_cycles,
                       .compute = strip.tile_cycles});
  context.tile = last ? 0 : context.tile + 1;
  context.tile_strip += static_cast<std::int64_t>(last);
  return true;
}

PeWait Sequencer::wait_of(const Context& context) const {
  if (context.kept() && context.values_given < context.strips()) {
    const std::int64_t scored = context.work->prunes ? context.fractions_done : context.tile_strip;
    if (context.probabilities > context.values_given) return PeWait::Memory;
    if (scored > context.values_given) return PeWait::Softmax;
  }
  if (context.work->prunes && context.all_tiles_given() && !context.decided)
    return PeWait::Decision;
  return PeWait::Memory;
}

std::string Sequencer::describe_wait() const {
  if (active_ == 0) return {};
  const Context& context = contexts_[by_age_.front()];
  return fmt::format("layer {} head {} waits for {}", context.work->layer, context.work->head,
                     name_of(wait_of(context)));
}

}  // namespace hdp
