// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/kept_blocks.hpp"
#include "machine/planned_layer.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/lowering.hpp>
#include <hdp/machine/run.hpp>
#include <hdp/prune/hdp_cascade.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp {
namespace {

/// Largest over mean of the kept blocks per row block, summed over strips.
struct Imbalance {
  double ratios = 0;
  std::int64_t strips = 0;

  void add(const HdpPlan& plan, std::int64_t rows_of_blocks) {
    for (std::int64_t top = 0; top < plan.mask.rows(); top += rows_of_blocks) {
      const std::int64_t count = std::min(rows_of_blocks, plan.mask.rows() - top);
      std::int64_t most = 0, sum = 0;
      for (std::int64_t i = top; i < top + count; ++i) {
        most = std::max(most, plan.mask.count(i));
        sum += plan.mask.count(i);
      }
      if (sum == 0) continue;
      ratios += static_cast<double>(most * count) / static_cast<double>(sum);
      ++strips;
    }
  }
  [[nodiscard]] double mean() const {
    return strips == 0 ? 1.0 : ratios / static_cast<double>(strips);
  }
};

/// One run: layers are planned, lowered and played; decode goes step by step through all layers.
class Run {
 public:
  Run(const HdpConfig& config, const Trace& trace, const RunOptions& options)
      : config_(config),
        trace_(trace),
        options_(options),
        formats_(hdp_formats(trace, config.prune)),
        lowering_(config),
        top_k_(config.cascade.top_k),
        machine_(options.memory ? AttentionMachine(config, options.idle_cycles, options.memory())
                                : AttentionMachine(config, options.idle_cycles)) {
    result_.foreign_memory = static_cast<bool>(options.memory);
    machine_.set_timeline(options.timeline);
    result_.config = config;
    // Before any decision is taken: a machine that cannot hold the trace says so at once.
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      const std::vector<Problem> of_layer = problems(trace, layer);
      problems_ += static_cast<std::int64_t>(of_layer.size());
      lay_out(trace.shape(layer), of_layer.back());
    }
  }

  RunResult play() {
    if (config_.cascades()) return play_cascade();
    const bool decode = trace_.stage() == Stage::Decode;
    std::vector<PlannedLayer> planned(static_cast<std::size_t>(decode ? trace_.layers() : 1));
    for (std::int64_t layer = 0; layer < trace_.layers(); ++layer) {
      PlannedLayer& current = planned[decode ? static_cast<std::size_t>(layer) : 0];
      plan_layer(config_, trace_, formats_, layer, options_, current);
      take(current);
      if (!decode) play_problem(layer, current, 0);
    }
    for (std::int64_t step = 0; decode && step < trace_.steps(); ++step)
      for (std::int64_t layer = 0; layer < trace_.layers(); ++layer)
        play_problem(layer, planned[static_cast<std::size_t>(layer)],
                     static_cast<std::size_t>(step));
    return finish();
  }

 private:
  /// The cascade couples the layers: all is decided first, then played step by step.
  RunResult play_cascade() {
    const std::int64_t count = trace_.layers();
    const HdpCascadeSchedules schedules{schedule_of(config_.cascade.token, count, "token"),
                                        schedule_of(config_.cascade.head, count, "head")};
    const std::vector<HdpCascadeLayer> layers =
        plan_cascade(trace_, config_.prune, formats_, schedules, options_.threads);
    result_.cascade.resize(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) take(layers[l], result_.cascade[l]);
    const std::vector<Layout> full = result_.layouts;
    for (std::size_t p = 0; p < layers.front().problems.size(); ++p)
      for (std::size_t l = 0; l < layers.size(); ++l) {
        const HdpCascadeProblem& problem = layers[l].problems[p];
        if (trace_.stage() == Stage::Prefill)
          result_.layouts[l] = live_layout(l, problem, l == 0 ? 0 : full[l - 1].end);
        play_live(static_cast<std::int64_t>(l), p, problem);
        rank(problem, result_.cascade[l]);
      }
    return finish();
  }

  static KeepSchedule schedule_of(const CascadeStage& stage, std::int64_t layers,
                                  std::string_view name) {
    try {
      return hdp::schedule_of(stage, layers);
    } catch (const UserError& mistake) {
      throw mistake.within(fmt::format("/cascade/{}/keep", name));
    }
  }

  void take(const HdpCascadeLayer& layer, CascadeLayer& record) {
    result_.decisions.add(layer.counts);
    record.dense_entries = layer.dense_entries;
    record.live_entries = layer.live_entries;
    record.kept_entries = layer.counts.kept_entries;
    for (const HdpCascadeProblem& problem : layer.problems) {
      record.live_tokens.push_back(std::ssize(problem.tokens));
      record.kept_tokens.push_back(problem.tokens_kept);
      record.live_heads.push_back(std::ssize(problem.heads));
      record.kept_heads.push_back(problem.heads_kept);
    }
    if (!options_.fidelity) return;
    const std::int64_t heads = trace_.shape(0).heads;
    result_.layers.push_back({layer.error, layer.mass / static_cast<double>(layer.rows), heads});
    result_.fidelity.add(result_.layers.back());
  }

  /// Rows of a prefill that are gone were never made: the others lie close together.
  Layout live_layout(std::size_t layer, const HdpCascadeProblem& problem, std::uint64_t start) {
    LayerShape shape = trace_.shape(static_cast<std::int64_t>(layer));
    shape.n_q = problem.plans.front().problem.queries;
    shape.n_k = problem.plans.front().problem.keys;
    return make_layout(config_, shape, problem.plans.front().problem, formats_.qk, start);
  }

  void play_live(std::int64_t layer, std::size_t p, const HdpCascadeProblem& problem) {
    const Layout& layout = result_.layouts[static_cast<std::size_t>(layer)];
    works_.resize(problem.heads.size());
    for (std::size_t h = 0; h < works_.size(); ++h)
      lower(layout, layer, problem.heads[h], problem.plans[h], works_[h]);
    play_works(p);
  }

  void rank(const HdpCascadeProblem& problem, CascadeLayer& record) {
    std::vector<std::int64_t> jobs;
    const auto add = [&](const std::vector<std::int64_t>& importance, std::int64_t kept) {
      if (kept == std::ssize(importance)) return;
      jobs.push_back(top_k_.select(importance, kept).cycles());
      record.ranking_cycles += jobs.back();
    };
    add(problem.token_importance, problem.tokens_kept);
    add(problem.head_importance, problem.heads_kept);
    machine_.rank(jobs);
  }

  void lay_out(const LayerShape& shape, const Problem& largest) {
    std::vector<Layout>& layouts = result_.layouts;
    const std::uint64_t start = layouts.empty() ? 0 : layouts.back().end;
    layouts.push_back(make_layout(config_, shape, largest, formats_.qk, start));
  }

  void take(const PlannedLayer& planned) {
    result_.decisions.add(planned.counts);
    if (options_.fidelity) {
      result_.layers.push_back(planned.fidelity);
      result_.fidelity.add(planned.fidelity);
    }
  }

  void play_problem(std::int64_t layer, const PlannedLayer& planned, std::size_t p) {
    const auto heads = static_cast<std::size_t>(trace_.shape(layer).heads);
    const Layout& layout = result_.layouts[static_cast<std::size_t>(layer)];
    works_.resize(heads);
    for (std::size_t h = 0; h < heads; ++h) {
      const auto head = static_cast<std::int64_t>(h);
      if (!config_.pruning) {
        lowering_.dense(layout, layer, head, planned.problems[p], works_[h]);
        continue;
      }
      lower(layout, layer, head, planned.plans[p][h], works_[h]);
    }
    play_works(p);
  }

  void lower(const Layout& layout, std::int64_t layer, std::int64_t head, const HdpPlan& plan,
             HeadWork& work) {
    lowering_.hdp(layout, layer, head, plan, work);
    if (plan.head_kept)
      imbalance_.add(
          plan, std::max<std::int64_t>(1, config_.core.pe_array.rows / config_.prune.block_size));
  }

  void play_works(std::size_t p) {
    for (const HeadRecord& record : machine_.play(works_))
      result_.records.push_back({static_cast<std::int64_t>(p), record});
    ++played_;
    if (options_.observer) options_.observer(played_, problems_);
  }

  RunResult finish() {
    result_.cycles = machine_.cycles().count;
    result_.units = machine_.units();
    result_.memory = machine_.memory_stats();
    if (const DramUse* use = machine_.dram()) result_.dram = *use;
    result_.read_bytes = machine_.read_bytes();
    result_.written_bytes = machine_.written_bytes();
    const std::vector<WorkTotals> cores = machine_.totals();
    for (const WorkTotals& core : cores) result_.totals.add(core);
    result_.energy = price(config_, {formats_.qk.word_bits, formats_.qk.integer_bits()}, cores,
                           result_.memory, result_.cycles, result_.dram);
    result_.formats = formats_;
    result_.imbalance = imbalance_.mean();
    return std::move(result_);
  }

  const HdpConfig& config_;
  const Trace& trace_;
  const RunOptions& options_;
  HdpFormats formats_;
  Lowering lowering_;
  TopKEngine top_k_;
  AttentionMachine machine_;
  std::vector<HeadWork> works_;
  Imbalance imbalance_;
  std::int64_t problems_ = 0, played_ = 0;
  RunResult result_;
};

}  // namespace

RunResult run(const HdpConfig& config, const Trace& trace, const RunOptions& options) {
  validate(config);
  return Run(config, trace, options).play();
}

HdpConfig without_pruning(HdpConfig config) {
  config.pruning = false;
  config.cascade.token = config.cascade.head = keep_all();
  return config;
}

}  // namespace hdp
