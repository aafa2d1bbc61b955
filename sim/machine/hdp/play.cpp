// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/play.hpp"

#include <algorithm>
#include <utility>

#include "machine/hdp/map_heads.hpp"
#include "machine/hdp/price.hpp"
#include <hdp/machine/hdp/lowering.hpp>
#include <hdp/prune/split_choice.hpp>

namespace hdp {
namespace {

/// A configuration that can be played; before any decision is taken.
const HdpConfig& checked(const HdpConfig& config) {
  validate(config);
  return config;
}

}  // namespace

void Imbalance::add(const HdpPlan& plan, std::int64_t rows_of_blocks) {
  for (std::int64_t top = 0; top < plan.mask.rows(); top += rows_of_blocks) {
    const std::int64_t count = std::min(rows_of_blocks, plan.mask.rows() - top);
    std::int64_t most = 0, sum = 0;
    for (std::int64_t i = top; i < top + count; ++i) {
      most = std::max(most, plan.mask.count(i));
      sum += plan.mask.count(i);
    }
    if (sum == 0) continue;
    ratios_ += static_cast<double>(most * count) / static_cast<double>(sum);
    ++strips_;
  }
}

HdpPlay::HdpPlay(const HdpConfig& config, std::span<const Trace> sequences,
                 const PlayOptions& options)
    : config_(checked(config)),
      sequences_(sequences),
      options_(options),
      formats_(planned_formats(config, sequences, options)),
      lowering_(config),
      top_k_(config.cascade.top_k),
      machine_(config, options.idle_cycles, options.memory ? options.memory() : nullptr) {
  result_.foreign_memory = static_cast<bool>(options.memory);
  result_.config = config;
  result_.sequences = std::ssize(sequences);
  machine_.set_timeline(options.timeline);
  if (!options.order.empty()) machine_.set_tick_order(options.order);
  for (const Trace& trace : sequences) {
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer)
      lay_out(trace.shape(layer), problems(trace, layer).back());
    problems_.push_back(std::ssize(problems(trace, 0)));
  }
  problems_of_layer_ = std::ranges::max(problems_);
  full_ = result_.layouts;
  if (config.cascades()) result_.cascade.resize(full_.size());
  for (const Trace& trace : sequences) planners_.emplace_back(config, trace, formats_, options_);
}

void HdpPlay::lay_out(const LayerShape& shape, const Problem& largest) {
  std::vector<Layout>& layouts = result_.layouts;
  const std::uint64_t start = layouts.empty() ? 0 : layouts.back().end;
  layouts.push_back(
      make_layout(config_, shape, largest, formats_.qk, start, std::ssize(sequences_)));
  layouts.back().appends = sequences_.front().stage() == Stage::Decode;
}

std::size_t HdpPlay::place(std::size_t sequence) const {
  return sequence * static_cast<std::size_t>(sequences_.front().layers()) +
         static_cast<std::size_t>(layer_);
}

template <class Visit>
void HdpPlay::for_each_live(Visit visit) {
  for (std::size_t s = 0; s < sequences_.size(); ++s)
    if (problem_ < problems_[s])
      visit(s, planners_[s].layer(layer_).problems[static_cast<std::size_t>(problem_)]);
}

void HdpPlay::run_until(Cycle end) {
  while (!done() && now() < end) {
    if (!std::exchange(under_way_, true)) start_problem();
    if (machine_.advance(end)) end_problem();
  }
}

void HdpPlay::start_problem() {
  slices_.count = 0;
  for_each_live([&](std::size_t s, const PlannedProblem& problem) {
    if (problem_ == 0) take(s, planners_[s].layer(layer_));
    if (sequences_[s].stage() == Stage::Prefill) close_up(place(s), problem.problem);
    lower(s, problem, result_.layouts[place(s)]);
  });
  machine_.start(slices_.span());
}

void HdpPlay::end_problem() {
  for (const HeadRecord& record : machine_.records()) result_.records.push_back({problem_, record});
  rank();
  under_way_ = false;
  const std::int64_t layers = sequences_.front().layers();
  if (++layer_ == layers) {
    layer_ = 0;
    ++problem_;
  }
  if (options_.observer) options_.observer(problem_ * layers + layer_, problems_of_layer_ * layers);
}

void HdpPlay::take(std::size_t sequence, const PlannedLayer& layer) {
  result_.decisions.add(layer.counts);
  if (layer.cascade) result_.cascade[place(sequence)] = *layer.cascade;
  if (!options_.compares()) return;
  result_.layers.resize(static_cast<std::size_t>(layer_) + 1);
  result_.layers.back().add(layer.fidelity);
  result_.fidelity.add(layer.fidelity);
}

/// Rows of a prefill that are gone were never made: the others lie close together.
void HdpPlay::close_up(std::size_t place, const Problem& live) {
  LayerShape shape = full_[place].shape;
  if (shape.n_q == live.queries && shape.n_k == live.keys) return;
  shape.n_q = live.queries;
  shape.n_k = live.keys;
  const std::uint64_t start = place == 0 ? 0 : full_[place - 1].end;
  result_.layouts[place] =
      make_layout(config_, shape, live, formats_.qk, start, std::ssize(sequences_));
}

void HdpPlay::lower(std::size_t sequence, const PlannedProblem& problem, const Layout& layout) {
  if (options_.maps != nullptr)
    map_heads(problems(sequences_[sequence], layer_)[static_cast<std::size_t>(problem_)], problem,
              static_cast<std::int64_t>(sequence), layer_, *options_.maps);
  for (const HdpPlan& plan : problem.plans)
    if (plan.head_kept) imbalance_.add(plan, layout.strip_rows / config_.prune.block_size);
  const std::size_t before = slices_.count;
  lower_slices(sequence, problem, layout, slices_);
  if (config_.scheduling.slice_heads == 1)
    count_shared_bytes(sequence, problem, layout, slices_.span().subspan(before));
}

void HdpPlay::lower_slices(std::size_t sequence, const PlannedProblem& problem,
                           const Layout& layout, Slices& slices) {
  for (const Slice& slice : slices_of(layout, problem.heads)) {
    const auto part = [&](const auto& of) {
      return std::span(of).subspan(of.empty() ? 0 : slice.first, of.empty() ? 0 : slice.count);
    };
    if (slices.count == slices.works.size()) slices.works.emplace_back();
    lowering_.lower(layout,
                    {.sequence = static_cast<std::int64_t>(sequence),
                     .layer = layer_,
                     .heads = part(problem.heads),
                     .plans = part(problem.plans),
                     .problem = problem.problem,
                     .appends = slice.appends},
                    slices.works[slices.count++]);
  }
}

/// What heads that go alone fetch for themselves, and what slices of them would have fetched.
void HdpPlay::count_shared_bytes(std::size_t sequence, const PlannedProblem& problem, Layout layout,
                                 std::span<const SliceWork> apart) {
  layout.slice_heads =
      std::min(layout.shape.heads / layout.shape.kv_heads,
               ceil_div(std::ssize(problem.heads) * std::ssize(sequences_), config_.cores));
  if (layout.slice_heads == 1) return;
  shared_.count = 0;
  lower_slices(sequence, problem, layout, shared_);
  for (const SliceWork& work : apart) result_.unshared_bytes += work.read_bytes();
  for (const SliceWork& work : shared_.span()) result_.unshared_bytes -= work.read_bytes();
}

/// The cascade behind the problem: one list after another.
void HdpPlay::rank() {
  std::vector<std::int64_t> jobs;
  for_each_live([&](std::size_t s, const PlannedProblem& problem) {
    for (const RankedList& list : problem.ranked) {
      jobs.push_back(top_k_.select(list.importance, list.kept).cycles());
      result_.cascade[place(s)].ranking_cycles += jobs.back();
    }
  });
  if (!jobs.empty()) machine_.rank(jobs);
}

HdpResult HdpPlay::result() {
  result_.cycles = machine_.cycles().count;
  result_.units = machine_.units();
  result_.critical_path = machine_.critical_path();
  result_.memory = machine_.memory_stats();
  if (const DramUse* use = machine_.dram()) result_.dram = *use;
  result_.read_bytes = machine_.read_bytes();
  result_.written_bytes = machine_.written_bytes();
  const std::vector<WorkTotals> cores = machine_.totals();
  for (const WorkTotals& core : cores) result_.totals.add(core);
  std::int64_t ranking_cycles = 0;
  for (const CascadeLayer& layer : result_.cascade) ranking_cycles += layer.ranking_cycles;
  std::int64_t importance_bits = 0;
  for (const Layout& layout : result_.layouts)
    importance_bits = std::max(importance_bits, layout.importance_bits);
  result_.energy = price(config_, {.widths = {formats_.qk.word_bits, formats_.qk.integer_bits()},
                                   .cores = cores,
                                   .importance_bits = importance_bits,
                                   .ranking_cycles = ranking_cycles,
                                   .memory = result_.memory,
                                   .dram = result_.dram,
                                   .cycles = result_.cycles});
  result_.formats = formats_;
  if (result_.decisions.degenerate())
    result_.split_that_ranks =
        split_that_ranks(sequences_, config_.prune, formats_, options_.threads);
  result_.imbalance = imbalance_.mean();
  return std::move(result_);
}

HdpResult run_hdp(const HdpConfig& config, const Trace& trace, const PlayOptions& options) {
  return run_hdp(config, std::span(&trace, 1), options);
}

HdpResult run_hdp(const HdpConfig& config, std::span<const Trace> sequences,
                  const PlayOptions& options) {
  HdpPlay play(config, sequences, options);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
