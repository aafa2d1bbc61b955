// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/play.hpp"

#include <algorithm>
#include <utility>

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

HdpPlay::HdpPlay(const HdpConfig& config, const Trace& trace, const PlayOptions& options)
    : config_(checked(config)),
      trace_(trace),
      options_(options),
      formats_(hdp_formats(trace, config.prune)),
      lowering_(config),
      top_k_(config.cascade.top_k),
      machine_(config, options.idle_cycles, options.memory ? options.memory() : nullptr) {
  result_.foreign_memory = static_cast<bool>(options.memory);
  result_.config = config;
  machine_.set_timeline(options.timeline);
  if (!options.order.empty()) machine_.set_tick_order(options.order);
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const std::vector<Problem> problems = hdp::problems(trace, layer);
    problems_of_layer_ = std::ssize(problems);
    lay_out(trace.shape(layer), problems.back());
  }
  full_ = result_.layouts;
  planner_.emplace(config, trace, formats_, options_);
}

void HdpPlay::lay_out(const LayerShape& shape, const Problem& largest) {
  std::vector<Layout>& layouts = result_.layouts;
  const std::uint64_t start = layouts.empty() ? 0 : layouts.back().end;
  layouts.push_back(make_layout(config_, shape, largest, formats_.qk, start));
  layouts.back().appends = trace_.stage() == Stage::Decode;
}

void HdpPlay::run_until(Cycle end) {
  while (!done() && now() < end) {
    if (!std::exchange(under_way_, true)) start_problem();
    if (machine_.advance(end)) end_problem();
  }
}

void HdpPlay::start_problem() {
  const PlannedLayer& layer = planner_->layer(layer_);
  if (problem_ == 0) take(layer);
  const PlannedProblem& problem = layer.problems[static_cast<std::size_t>(problem_)];
  const auto number = static_cast<std::size_t>(layer_);
  if (trace_.stage() == Stage::Prefill) close_up(number, problem.problem);
  lower(problem, result_.layouts[number]);
  machine_.start(works_);
}

void HdpPlay::end_problem() {
  for (const HeadRecord& record : machine_.records()) result_.records.push_back({problem_, record});
  rank(planner_->layer(layer_).problems[static_cast<std::size_t>(problem_)]);
  under_way_ = false;
  if (++layer_ == trace_.layers()) {
    layer_ = 0;
    ++problem_;
  }
  if (options_.observer)
    options_.observer(problem_ * trace_.layers() + layer_, problems_of_layer_ * trace_.layers());
}

void HdpPlay::take(const PlannedLayer& layer) {
  result_.decisions.add(layer.counts);
  if (layer.cascade) result_.cascade.push_back(*layer.cascade);
  if (!options_.compares()) return;
  result_.layers.push_back(layer.fidelity);
  result_.fidelity.add(layer.fidelity);
}

/// Rows of a prefill that are gone were never made: the others lie close together.
void HdpPlay::close_up(std::size_t layer, const Problem& live) {
  LayerShape shape = full_[layer].shape;
  if (shape.n_q == live.queries && shape.n_k == live.keys) return;
  shape.n_q = live.queries;
  shape.n_k = live.keys;
  const std::uint64_t start = layer == 0 ? 0 : full_[layer - 1].end;
  result_.layouts[layer] = make_layout(config_, shape, live, formats_.qk, start);
}

void HdpPlay::lower(const PlannedProblem& problem, const Layout& layout) {
  for (const HdpPlan& plan : problem.plans)
    if (plan.head_kept) imbalance_.add(plan, layout.strip_rows / config_.prune.block_size);
  lower_slices(problem, layout, works_);
  if (config_.scheduling.slice_heads == 1) count_shared_bytes(problem, layout);
}

void HdpPlay::lower_slices(const PlannedProblem& problem, const Layout& layout,
                           std::vector<SliceWork>& works) {
  const std::vector<Slice> slices = slices_of(layout, problem.heads);
  works.resize(slices.size());
  for (std::size_t s = 0; s < slices.size(); ++s) {
    const Slice& slice = slices[s];
    const auto part = [&](const auto& of) {
      return std::span(of).subspan(of.empty() ? 0 : slice.first, of.empty() ? 0 : slice.count);
    };
    lowering_.lower(layout,
                    {.layer = layer_,
                     .heads = part(problem.heads),
                     .plans = part(problem.plans),
                     .problem = problem.problem,
                     .appends = slice.appends},
                    works[s]);
  }
}

/// What heads that go alone fetch for themselves, and what slices of them would have fetched.
void HdpPlay::count_shared_bytes(const PlannedProblem& problem, const Layout& layout) {
  Layout shared = layout;
  shared.slice_heads = std::min(layout.shape.heads / layout.shape.kv_heads,
                                ceil_div(std::ssize(problem.heads), config_.cores));
  if (shared.slice_heads == 1) return;
  lower_slices(problem, shared, shared_works_);
  for (const SliceWork& work : works_) result_.unshared_bytes += work.read_bytes();
  for (const SliceWork& work : shared_works_) result_.unshared_bytes -= work.read_bytes();
}

void HdpPlay::rank(const PlannedProblem& problem) {
  std::vector<std::int64_t> jobs;
  for (const RankedList& list : problem.ranked)
    jobs.push_back(top_k_.select(list.importance, list.kept).cycles());
  if (jobs.empty()) return;
  for (const std::int64_t cycles : jobs)
    result_.cascade[static_cast<std::size_t>(layer_)].ranking_cycles += cycles;
  machine_.rank(jobs);
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
    result_.split_that_ranks = split_that_ranks(trace_, config_.prune, formats_, options_.threads);
  result_.imbalance = imbalance_.mean();
  return std::move(result_);
}

HdpResult run_hdp(const HdpConfig& config, const Trace& trace, const PlayOptions& options) {
  HdpPlay play(config, trace, options);
  play.run_until(kNever);
  return play.result();
}

}  // namespace hdp
