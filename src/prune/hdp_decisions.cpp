// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <hdp/base/digest.hpp>
#include <hdp/base/parallel.hpp>
#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/prune/hdp_estimator.hpp>
#include <hdp/prune/hdp_fidelity.hpp>

namespace hdp {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Probability estimation of one head, taken down problem after problem.
class EstimateRecord {
 public:
  EstimateRecord(const HdpSettings& settings, std::int64_t fraction_bits, const LayerShape& shape)
      : estimator_(settings, fraction_bits),
        survivors_(shape.n_q, shape.n_k),
        row_(static_cast<std::size_t>(shape.n_k)) {}

  void add(const HdpHead& head, HdpPlan& plan) {
    estimator_.load(head);
    estimator_.estimate(plan);
    counts_.add(plan.estimate_counts);
    for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
      std::ranges::fill(row_, 0);
      if (!plan.estimates.empty()) take(plan, i);
      chunks_.update_integers(row_);
    }
  }
  HdpHeadEstimates finish() { return {counts_, survivors_.sha256(), chunks_.hex()}; }

 private:
  void take(const HdpPlan& plan, std::int64_t i) {
    auto fate = plan.estimates.row(i).begin();
    for_each_kept(plan, i, [&](std::int64_t key) {
      row_[static_cast<std::size_t>(key)] = fate->chunks;
      if (fate->survives) survivors_.set(plan.problem.first_query + i, key);
      ++fate;
    });
  }

  HdpEstimator estimator_;
  EstimateCounts counts_;
  BitMatrix survivors_;
  std::vector<std::int64_t> row_;
  Sha256 chunks_;
};

/// One head, problem after problem, row after row: what HDP does beside dense attention.
class HeadComparison {
 public:
  HeadComparison(const Trace& trace, std::int64_t layer, std::int64_t head,
                 const HdpFormats& formats, const HdpSettings& settings)
      : block_size_(settings.block_size), planner_(settings), fidelity_(settings) {
    head_.load(trace, layer, head, formats, settings, true);
    planner_.load(head_.q.integer.view(), head_.k.integer.view());
    fidelity_.load(trace, layer, head, head_);
    if (settings.probability)
      estimates_.emplace(settings, formats.qk.fraction_bits, trace.shape(layer));
    result_.head = head;
    result_.kv_head = trace.kv_head(layer, head);
  }

  /// The head's decisions, and what it adds to its layer.
  std::pair<HdpHeadDecisions, HdpCounts> run(const LayerShape& shape,
                                             const std::vector<Problem>& problems) {
    std::int64_t block_rows = 0;
    for (const Problem& problem : problems) block_rows += ceil_div(problem.queries, block_size_);
    const std::int64_t block_columns = ceil_div(shape.n_k, block_size_);
    BitMatrix kept(shape.n_q, shape.n_k);
    BitMatrix blocks(block_rows, block_columns);
    Matrix<std::int64_t> theta(block_rows, block_columns);
    std::vector<bool> used(static_cast<std::size_t>(shape.n_k));
    Sha256 score_digest;
    std::int64_t block_row = 0;
    for (const Problem& problem : problems) {
      HdpPlanDetail detail;
      planner_.plan(problem, plan_, &detail);
      if (estimates_) estimates_->add(head_, plan_);
      record(detail);
      for (std::int64_t i = 0; i < plan_.mask.rows(); ++i, ++block_row) {
        plan_.mask.for_each(i, [&](std::int64_t j) { blocks.set(block_row, j); });
        std::ranges::copy(detail.theta.row(i), theta.row(block_row).begin());
      }
      for (std::int64_t i = 0; i < problem.queries; ++i) mark_kept(i, kept, used);
      fidelity_.add(plan_, [&](const ScoreRow& row) {
        score_digest.update_integers(row.scores);
        for (const std::int64_t score : row.scores) {
          result_.score_sum += score;
          result_.score_sum_squares += Int128{score} * score;
        }
      });
    }
    result_.keys_used = std::ranges::count(used, true);
    result_.kept_mask_sha256 = kept.sha256();
    result_.block_mask_sha256 = blocks.sha256();
    Sha256 theta_digest;
    theta_digest.update_integers(theta.values());
    result_.theta_sha256 = theta_digest.hex();
    result_.score_sha256 = score_digest.hex();
    result_.mass_kept = fidelity_.mass() / static_cast<double>(shape.n_q);
    result_.error = fidelity_.error();
    if (estimates_) result_.estimates = estimates_->finish();
    counts_.add_values(head_, result_.head, shape.heads / shape.kv_heads);
    return {std::move(result_), counts_};
  }

 private:
  void record(const HdpPlanDetail& detail) {
    counts_.add(plan_);
    result_.entries.push_back(plan_.problem.entries());
    result_.theta_head.push_back(plan_.theta_head);
    result_.head_limit.push_back(plan_.head_limit);
    result_.head_kept.push_back(plan_.head_kept);
    result_.blocks_existing.push_back(plan_.blocks_existing);
    result_.blocks_pruned.push_back(plan_.blocks_pruned);
    for (std::int64_t i = 0; i < plan_.mask.rows(); ++i)
      result_.kept_blocks_per_row_block.push_back(plan_.mask.count(i));
    result_.kept_entries += plan_.kept_entries;
    result_.empty_rows += plan_.empty_rows;
    result_.s_int_sum += detail.s_int_sum;
    result_.s_int_sum_squares += detail.s_int_sum_squares;
  }

  void mark_kept(std::int64_t i, BitMatrix& kept, std::vector<bool>& used) {
    for_each_kept(plan_, i, [&](std::int64_t j) {
      kept.set(plan_.problem.first_query + i, j);
      used[static_cast<std::size_t>(j)] = true;
    });
  }

  std::int64_t block_size_;
  HdpPlanner planner_;
  HdpFidelity fidelity_;
  std::optional<EstimateRecord> estimates_;
  HdpHead head_;
  HdpPlan plan_;
  HdpHeadDecisions result_;
  HdpCounts counts_;
};

}  // namespace

void HdpCounts::add(const HdpPlan& plan) {
  ++heads_total;
  if (plan.head_kept) {
    blocks_existing += plan.blocks_existing;
    blocks_pruned += plan.blocks_pruned;
  } else {
    ++heads_pruned;
  }
  entries += plan.problem.entries();
  kept_entries += plan.kept_entries;
  empty_rows += plan.empty_rows;
  estimates.add(plan.estimate_counts);
  wide_rows += plan.wide_rows;
  flat_rows += plan.flat_rows;
}

void HdpCounts::add(const HdpCounts& other) {
  heads_total += other.heads_total;
  heads_pruned += other.heads_pruned;
  blocks_existing += other.blocks_existing;
  blocks_pruned += other.blocks_pruned;
  entries += other.entries;
  kept_entries += other.kept_entries;
  empty_rows += other.empty_rows;
  estimates.add(other.estimates);
  wide_rows += other.wide_rows;
  flat_rows += other.flat_rows;
  q_saturated += other.q_saturated;
  k_saturated += other.k_saturated;
  v_saturated += other.v_saturated;
  heads_read += other.heads_read;
  zero_q_heads += other.zero_q_heads;
  zero_k_heads += other.zero_k_heads;
}

void HdpCounts::add_values(const HdpHead& head, std::int64_t number, std::int64_t group) {
  ++heads_read;
  zero_q_heads += static_cast<std::int64_t>(head.q.integer_is_zero);
  zero_k_heads += static_cast<std::int64_t>(head.k.integer_is_zero);
  q_saturated += head.q.saturated;
  if (number % group != 0) return;
  k_saturated += head.k.saturated;
  v_saturated += head.v_saturated;
}

double HdpCounts::block_sparsity() const { return share(blocks_pruned, blocks_existing); }
double HdpCounts::head_sparsity() const { return share(heads_pruned, heads_total); }
double HdpCounts::net_sparsity() const {
  return 1 - (1 - block_sparsity()) * (1 - head_sparsity());
}

HdpDecisions decide_hdp(const Trace& trace, const HdpSettings& settings, std::optional<bool> causal,
                        unsigned threads) {
  HdpDecisions decisions;
  decisions.formats = hdp_formats(trace, settings);
  decisions.causal = trace.stage() == Stage::Decode || causal.value_or(trace.causal());

  struct Task {
    std::int64_t layer, head;
  };
  std::vector<Task> tasks;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    decisions.layers.push_back({layer, trace.shape(layer), {}, {}});
    for (std::int64_t head = 0; head < trace.shape(layer).heads; ++head)
      tasks.push_back({layer, head});
  }
  std::vector<std::pair<HdpHeadDecisions, HdpCounts>> results(tasks.size());
  parallel_for(tasks.size(), threads, [&](std::size_t t) {
    const auto [layer, head] = tasks[t];
    HeadComparison comparison(trace, layer, head, decisions.formats, settings);
    results[t] = comparison.run(trace.shape(layer), problems(trace, layer, decisions.causal));
  });
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    auto& layer = decisions.layers[static_cast<std::size_t>(tasks[t].layer)];
    auto& [head, counts] = results[t];
    layer.counts.add(counts);
    layer.heads.push_back(std::move(head));
  }
  for (const auto& layer : decisions.layers) decisions.total.add(layer.counts);
  return decisions;
}

}  // namespace hdp
