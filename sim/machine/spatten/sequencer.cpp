// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/sequencer.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace hdp::spatten {
namespace {

constexpr std::uint32_t kRanking = ~std::uint32_t{0};  // the context of a job of the cascade

Loading& loading_of(Flow& flow, Stream stream) {
  return stream == Stream::Keys ? flow.keys : stream == Stream::Lsbs ? flow.lsbs : flow.values;
}

const std::vector<Load>& loads_of(const Flow& flow, Stream stream) {
  return stream == Stream::Keys   ? flow.work.key_loads
         : stream == Stream::Lsbs ? flow.work.lsb_loads
                                  : flow.work.value_loads;
}

}  // namespace

Sequencer::Sequencer(std::string name, const Ports& ports, const SpattenConfig& config,
                     std::span<const SpattenPass> passes)
    : Unit(std::move(name)),
      out_fetches_(drive(ports.out_fetches)),
      in_fetches_done_(listen(ports.in_fetches_done)),
      out_conversions_(drive(ports.out_conversions)),
      in_converted_(listen(ports.in_converted)),
      out_scores_(drive(ports.out_scores)),
      out_score_wait_(drive(ports.out_score_wait)),
      in_scores_done_(listen(ports.in_scores_done)),
      in_probabilities_(listen(ports.in_probabilities)),
      out_rankings_(drive(ports.out_rankings)),
      in_rankings_done_(listen(ports.in_rankings_done)),
      out_values_(drive(ports.out_values)),
      out_value_wait_(drive(ports.out_value_wait)),
      in_values_done_(listen(ports.in_values_done)),
      config_(config),
      lowering_(config, passes),
      passes_(passes),
      slots_(static_cast<std::size_t>(config.heads_in_flight)),
      free_slots_(slots_.size()),
      k_bits_free_(8 * config.k_buffer_bytes),
      v_bits_free_(8 * config.v_buffer_bytes) {
  std::iota(free_slots_.rbegin(), free_slots_.rend(), 0U);
  records_.reserve(passes.size());
}

void Sequencer::tick(Cycle now) {
  using State = TimeSplit<ControlWait>::State;
  progress_ = false;
  take_results(now);
  release(now);
  pass_gate(now);
  take_head(now);
  rank_queries(now);
  progress_ |= ask(now);
  progress_ |= give_scores(now);
  give_values(now);
  out_score_wait_.set(now, score_wait());
  out_value_wait_.set(now, value_wait());
  time_.enter({finished() ? State::Idle : State::Busy}, now);
}

Cycle Sequencer::next_event(Cycle now) const {
  if (progress_) return now + Cycles{1};
  return next_pass_ < passes_.size() && now < next_head_at_ ? next_head_at_ : kNever;
}

void Sequencer::take_results(Cycle now) {
  take_loads(now);
  while (in_scores_done_.can_pop(now)) {
    const PeDone done = in_scores_done_.pop(now);
    flow(done.id.context).phase(RecordedPhase::Score, done.id.strip).cover(done.start, done.end);
  }
  while (in_probabilities_.can_pop(now)) take_probabilities(now, in_probabilities_.pop(now).id);
  while (in_rankings_done_.can_pop(now)) {
    const StripId id = in_rankings_done_.pop(now).id;
    if (id.context == kRanking) {
      --gate_.rankings;
      continue;
    }
    ++flow(id.context).ranked;
    flow(id.context).phase(RecordedPhase::Decide, id.strip).cover(now, now);
  }
  while (in_values_done_.can_pop(now)) take_values(in_values_done_.pop(now));
}

/// What arrives passes the converter before it counts.
void Sequencer::take_loads(Cycle now) {
  while (in_fetches_done_.can_pop(now)) {
    const FetchDone done = in_fetches_done_.front(now);
    const auto stream = static_cast<Stream>(done.stream);
    Flow& head = flow(done.context);
    const bool written = stream == Stream::Output || stream == Stream::Append;
    if (!written && !out_conversions_.can_push(now)) break;
    in_fetches_done_.pop(now);
    if (stream == Stream::Output) {
      head.output_done = true;
    } else if (stream == Stream::Append) {
      ++head.appends_done;
    } else {
      Loading& loading = loading_of(head, stream);
      const Load& load = loads_of(head, stream)[static_cast<std::size_t>(loading.arrived++)];
      const std::int64_t a_cycle =
          config_.converter_lines * Lanes(config_.multipliers, head.pass().d).vectors;
      out_conversions_.push(now, {{done.context, done.stream}, ceil_div(load.vectors, a_cycle)});
    }
    progress_ = true;
  }
  while (in_converted_.can_pop(now)) {
    const StripId id = in_converted_.pop(now).id;
    ++loading_of(flow(id.context), static_cast<Stream>(id.strip)).converted;
  }
}

void Sequencer::take_probabilities(Cycle now, StripId id) {
  Flow& head = flow(id.context);
  const auto query = static_cast<std::size_t>(id.strip);
  ++head.passes[query];
  head.phase(RecordedPhase::Softmax, id.strip).cover(now, now);
  if (head.of(id.strip).second_pass && head.passes[query] == 1)
    head.seconds.push_back(static_cast<std::int32_t>(id.strip));
  const auto final = [&](std::int64_t q) {
    return head.passes[static_cast<std::size_t>(q)] == (head.of(q).second_pass ? 2 : 1);
  };
  while (!head.all_scored() && final(head.scored)) ++head.scored;
  if (!head.all_scored()) return;
  k_bits_free_ += head.key_room;
  head.key_room = 0;
}

void Sequencer::take_values(const PeDone& done) {
  Flow& head = flow(done.id.context);
  head.phase(RecordedPhase::Value, done.id.strip).cover(done.start, done.end);
  if (++head.value_jobs_done < value_jobs(head, head.values_done)) return;
  head.value_jobs_done = 0;
  ++head.values_done;
  --rows_in_flight_;
  if (!head.computed()) return;
  v_bits_free_ += head.value_room;
  head.value_room = 0;
}

void Sequencer::release(Cycle now) {
  while (!flows_.empty()) {
    const Flow& head = flow(flows_.front());
    if (!head.computed() || !head.written(config_.write_output)) return;
    const SpattenPass& pass = head.pass();
    for (std::size_t h = 0; h < pass.heads.size(); ++h)
      records_.push_back(
          {pass.sequence, pass.step, pass.layer, pass.heads[h], now, head.phases[h]});
    free_slots_.push_back(flows_.front());
    flows_.erase(flows_.begin());
    progress_ = true;
  }
}

void Sequencer::take_head(Cycle now) {
  if (gate_.shut || next_pass_ == passes_.size() || free_slots_.empty() || now < next_head_at_)
    return;
  const SpattenPass& pass = passes_[next_pass_];
  const std::int64_t room = std::ssize(*pass.keys) * pass.d * config_.word_bits;
  if (k_bits_free_ < room) return;
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  flows_.push_back(slot);
  Flow& head = slots_[slot];
  Flow fresh;
  fresh.work = std::move(head.work);  // keeps its storage
  head = std::move(fresh);
  lowering_.lower(pass, head.work);
  head.phases.resize(pass.heads.size());
  head.passes.assign(pass.queries.size(), 0);
  head.key_room = room;
  k_bits_free_ -= room;
  ++next_pass_;
  next_head_at_ = now + Cycles{config_.head_loop_cycles};
  await_ranking(pass);
  progress_ = true;
}

void Sequencer::await_ranking(const SpattenPass& pass) {
  if (config_.cascade_ranking && (pass.token_ranking_cycles > 0 || pass.head_ranking_cycles > 0))
    gate_.left.push_back({pass.sequence, pass.token_ranking_cycles, pass.head_ranking_cycles});
  if (!pass.ends_layer) return;
  gate_.barrier = config_.layer_barrier;
  gate_.shut = gate_.barrier || !gate_.left.empty() || gate_.rankings > 0;
}

/// Tokens are ranked once all probabilities of the layer are known, heads once all outputs are;
/// sequences do not wait for each other.
void Sequencer::pass_gate(Cycle now) {
  const auto all = [&](const RankingsLeft& of, bool (Flow::*reached)() const) {
    return std::ranges::all_of(flows_, [&](std::uint32_t slot) {
      return flow(slot).pass().sequence != of.sequence || (flow(slot).*reached)();
    });
  };
  const auto rank = [&](std::int64_t& cycles, bool ready) {
    if (!ready || !out_rankings_.can_push(now)) return;
    out_rankings_.push(now, {{kRanking, 0}, cycles});
    cycles = 0;
    ++gate_.rankings;
    progress_ = true;
  };
  for (RankingsLeft& left : gate_.left) {
    if (left.token_cycles > 0) rank(left.token_cycles, all(left, &Flow::all_scored));
    if (left.head_cycles > 0) rank(left.head_cycles, all(left, &Flow::computed));
  }
  std::erase_if(gate_.left, [](const RankingsLeft& left) {
    return left.token_cycles == 0 && left.head_cycles == 0;
  });
  const bool ranked = gate_.left.empty() && gate_.rankings == 0;
  if (ranked && (!gate_.barrier || flows_.empty())) gate_.shut = false;
}

std::string Sequencer::describe_wait() const {
  if (finished()) return {};
  if (flows_.empty()) return "a layer waits for its ranking";
  const SpattenPass& pass = slots_[flows_.front()].pass();
  return fmt::format("step {} layer {} head {} waits for {}", pass.step, pass.layer,
                     pass.heads.front(),
                     name_of(value_wait() == PeWait::Nothing ? PeWait::Output : value_wait()));
}

}  // namespace hdp::spatten
