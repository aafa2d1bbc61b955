// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/sequencer.hpp"

#include <utility>

namespace hdp {
namespace {

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
      out_free_(drive(ports.out_free)),
      in_slices_(listen(ports.in_slices)),
      in_verdicts_(ports.in_verdicts == nullptr ? nullptr : &listen(*ports.in_verdicts)),
      out_scores_(ports.out_scores == nullptr ? nullptr : &drive(*ports.out_scores)),
      contexts_(static_cast<std::size_t>(contexts)) {
  by_age_.reserve(contexts_.size());
}

void Sequencer::assign(std::span<const SliceWork> slices, std::span<const std::size_t> mine,
                       bool more) {
  slices_ = slices;
  mine_.assign(mine.begin(), mine.end());
  next_ = 0;
  more_ = more;
  ++problem_;
  slices_ended_ = 0;
  records_.clear();
  wake(Cycle{0});
}

void Sequencer::tick(Cycle now) {
  using State = TimeSplit<ControlWait>::State;
  progress_ = false;
  take_results(now);
  release_finished(now);
  take_slices(now);
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
    ++(done.phase == Phase::Fraction ? context.fractions.done
       : done.phase == Phase::Value  ? context.values.done
                                     : context.tiles_done);
  }
  while (in_masks_.can_pop(now)) {
    const StripMask mask = in_masks_.pop(now);
    Context& context = contexts_[mask.id.context];
    ++context.masks;
    Context::Head& head = context.head_of(mask.id.strip);
    head.phases[static_cast<std::size_t>(RecordedPhase::Decide)].cover(now, now);
    if (context.work->strips[mask.id.strip].decides) head.decided = true;
  }
  if (in_verdicts_ != nullptr) take_verdicts(now);
  while (in_probabilities_.can_pop(now)) {
    const StripId id = in_probabilities_.pop(now).id;
    Context& context = contexts_[id.context];
    ++context.probabilities;
    context.head_of(id.strip).phases[static_cast<std::size_t>(RecordedPhase::Softmax)].cover(now,
                                                                                             now);
  }
  while (in_fetches_done_.can_pop(now)) {
    const FetchDone done = in_fetches_done_.pop(now);
    ++contexts_[done.context].stream(static_cast<Stream>(done.stream)).done;
  }
}

/// Behind the last round of a strip its scores go on to the softmax unit.
void Sequencer::take_verdicts(Cycle now) {
  while (in_verdicts_->can_pop(now)) {
    Context& context = contexts_[in_verdicts_->front(now).id.context];
    const RoundEnd& round = context.work->rounds[static_cast<std::size_t>(context.verdicts)];
    if (round.last && !out_scores_->can_push(now)) return;
    const StripId id = in_verdicts_->pop(now).id;
    ++context.verdicts;
    if (round.last) out_scores_->push(now, {id, context.work->strips[round.strip].softmax_cycles});
  }
}

void Sequencer::record(const PeDone& done) {
  Context& context = contexts_[done.id.context];
  auto& phases = context.head_of(done.id.strip).phases;
  const auto cover = [&](RecordedPhase phase, Cycle from) {
    phases[static_cast<std::size_t>(phase)].cover(from, done.end);
  };
  cover(recorded(done.phase), done.start);
  if (done.phase == Phase::Value || !done.last) return;
  // The scores of a strip are complete: what comes behind the array begins.
  const bool integer = done.phase == Phase::Integer;
  cover(integer ? RecordedPhase::Decide : RecordedPhase::Softmax, done.end);
  if (!integer) ++context.scored;
}

void Sequencer::release_finished(Cycle now) {
  for (std::size_t i = 0; i < by_age_.size();) {
    const std::uint32_t slot = by_age_[i];
    Context& context = contexts_[slot];
    if (!context.finished() || (more_ && !out_free_.can_push(now))) {
      ++i;
      continue;
    }
    const SliceWork& work = *context.work;
    for (std::size_t h = 0; h < work.heads.size(); ++h)
      records_.push_back({work.sequence, work.layer, work.heads[h].head, context.heads[h].phases});
    totals_.add(work.totals);
    heads_done_ += static_cast<std::int64_t>(work.heads.size());
    ++slices_ended_;
    --active_;
    context.work = nullptr;
    if (more_) out_free_.push(now, {slot, problem_});
    by_age_.erase(by_age_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void Sequencer::take_slices(Cycle now) {
  while (in_slices_.can_pop(now)) {
    const SliceIndex given = in_slices_.pop(now);
    take(given.context, given.slice);
  }
  for (std::uint32_t slot = 0; slot < contexts_.size() && next_ < mine_.size(); ++slot)
    if (contexts_[slot].work == nullptr) take(slot, mine_[next_++]);
}

void Sequencer::take(std::uint32_t slot, std::size_t slice) {
  contexts_[slot].begin(slices_[slice]);
  by_age_.push_back(slot);
  ++active_;
  progress_ = true;
}

bool Sequencer::ask_for_load(Cycle now) {
  if (!out_fetches_.can_push(now)) return false;
  for (const std::uint32_t slot : by_age()) {
    Context& context = contexts_[slot];
    if (ask_for_store(context, slot, now) || ask_for(context, slot, Stream::Planes, now) ||
        ask_for(context, slot, Stream::Kept, now) || ask_for(context, slot, Stream::Values, now))
      return true;
  }
  return false;
}

bool Sequencer::ask_for_store(Context& context, std::uint32_t slot, Cycle now) {
  Context::Progress& progress = context.stream(Stream::Stores);
  if (progress.asked == std::ssize(context.work->stores)) return false;
  const Store& store = context.work->stores[static_cast<std::size_t>(progress.asked)];
  if (store.values > context.values.done) return false;
  if (store.decided_head >= 0 &&
      !context.heads[static_cast<std::size_t>(store.decided_head)].decided)
    return false;
  ++progress.asked;
  out_fetches_.push(
      now, {&store.range, 1, slot, static_cast<std::uint8_t>(Stream::Stores), store.tensor, true});
  return true;
}

bool Sequencer::ask_for(Context& context, std::uint32_t slot, Stream stream, Cycle now) {
  const SliceWork& work = *context.work;
  const auto& loads = stream == Stream::Planes ? work.plane_loads
                      : stream == Stream::Kept ? work.kept_loads
                                               : work.value_loads;
  Context::Progress& progress = context.stream(stream);
  if (progress.asked == std::ssize(loads)) return false;
  const Load& load = loads[static_cast<std::size_t>(progress.asked)];
  if (load.after > context.jobs_done(load.gate)) return false;
  if (!context.masked(load.strips) || load.verdicts > context.verdicts) return false;
  ++progress.asked;
  out_fetches_.push(now, {work.ranges.data() + load.first_range, load.ranges, slot,
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
  const std::int64_t next = context.values.given;
  if (next == std::ssize(context.work->values)) return false;
  const KeptJob& job = context.work->values[static_cast<std::size_t>(next)];
  if (context.probabilities <= job.order || context.stream(Stream::Values).done < job.loads)
    return false;
  ++context.values.given;
  out_jobs_.push(now, {.id = {slot, job.strip},
                       .phase = Phase::Value,
                       .last = job.last,
                       .compute = job.compute,
                       .operands = job.operands});
  return true;
}

bool Sequencer::give_fraction(Context& context, std::uint32_t slot, Cycle now) {
  const std::int64_t next = context.fractions.given;
  if (next == std::ssize(context.work->fractions)) return false;
  const KeptJob& job = context.work->fractions[static_cast<std::size_t>(next)];
  if (!context.kept(job.strip) || context.masks <= job.strip ||
      context.values.done < job.values_before || context.stream(Stream::Kept).done < job.loads ||
      context.verdicts < job.verdicts)
    return false;
  const bool estimates = !context.work->rounds.empty();
  ++context.fractions.given;
  out_jobs_.push(now, {.id = {slot, job.strip},
                       .phase = Phase::Fraction,
                       .to_softmax = estimates ? job.ends_round : job.last,
                       .last = job.last,
                       .softmax = estimates ? job.bounds_cycles
                                            : context.work->strips[job.strip].softmax_cycles,
                       .compute = job.compute,
                       .operands = job.operands});
  return true;
}

bool Sequencer::give_tile(Context& context, std::uint32_t slot, Cycle now) {
  if (context.all_tiles_given()) return false;
  const SliceWork& work = *context.work;
  const TileGroup& group = work.groups[context.group];
  const StripWork& strip = work.strips[context.strip];
  const std::int64_t tile = context.tile;
  if (context.values.done < strip.values_before ||
      context.stream(Stream::Planes).done <
          group.loads_for(static_cast<std::int64_t>(context.strip), tile))
    return false;
  const bool last = tile + 1 == strip.tiles;
  // The first strip that takes a fresh tile writes it.
  const bool fresh = group.fresh(tile) && context.first_of_tile;
  out_jobs_.push(now, {.id = {slot, static_cast<std::uint32_t>(context.strip)},
                       .phase = work.prunes ? Phase::Integer : Phase::Score,
                       .to_engine = work.prunes,
                       .to_softmax = !work.prunes && last,
                       .last = last,
                       .engine_add = strip.engine_add,
                       .engine_select = last ? strip.engine_select : 0,
                       .softmax = strip.softmax_cycles,
                       .compute = strip.tile_cycles,
                       .operands = strip.operands(tile, fresh)});
  context.next_tile();
  return true;
}

}  // namespace hdp
