// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <utility>

#include "machine/hdp/planned_layer.hpp"
#include <hdp/base/parallel.hpp>
#include <hdp/prune/hdp_estimator.hpp>
#include <hdp/prune/hdp_fidelity.hpp>

namespace hdp {
namespace {

/// What one head adds to its layer.
struct HeadShare {
  HdpCounts counts;
  Fidelity fidelity;
};

/// Plans heads one after another; storage is kept between them.
class HeadPlanner {
 public:
  HeadPlanner(const HdpRules& rules, const HdpFormats& formats)
      : rules_(rules), planner_(rules.prune), fidelity_(rules.prune) {
    if (rules.estimates()) estimator_.emplace(rules.prune, formats.qk.fraction_bits);
  }

  HeadShare plan(const Trace& trace, const HdpFormats& formats, std::int64_t layer,
                 std::int64_t head, bool fidelity, PlannedLayer& planned) {
    HeadShare share;
    head_.load(trace, layer, head, formats, rules_.prune, fidelity || estimator_);
    if (estimator_) estimator_->load(head_);
    planner_.load(std::as_const(head_.q.integer).view(), std::as_const(head_.k.integer).view());
    if (fidelity) fidelity_.load(trace, layer, head, head_);
    for (PlannedProblem& problem : planned.problems) {
      HdpPlan& plan = problem.plans[static_cast<std::size_t>(head)];
      planner_.plan(problem.problem, plan);
      if (estimator_) estimator_->estimate(plan);
      share.counts.add(plan);
      if (fidelity) fidelity_.add(plan);
    }
    const LayerShape& shape = trace.shape(layer);
    share.counts.add_values(head_, head, shape.heads / shape.kv_heads);
    if (fidelity)
      share.fidelity = {fidelity_.error(), fidelity_.mass() / static_cast<double>(shape.n_q), 1};
    return share;
  }

 private:
  const HdpRules& rules_;
  HdpHead head_;
  HdpPlanner planner_;
  std::optional<HdpEstimator> estimator_;
  HdpFidelity fidelity_;
};

/// Dense attention on the same fixed-point words, beside dense attention in double.
HeadShare dense_head(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
                     std::int64_t layer, std::int64_t head,
                     const std::vector<PlannedProblem>& problems) {
  HdpHead quantised;
  quantised.load(trace, layer, head, formats, rules.prune, true);
  Matrix<double> q(quantised.q.code.rows(), quantised.d), k(quantised.k.code.rows(), quantised.d);
  const auto values = [&](const HdpPlanes& planes, Matrix<double>& to) {
    std::ranges::transform(planes.code.values(), to.values().begin(),
                           [&](std::int32_t code) { return code * formats.qk.unit(); });
  };
  values(quantised.q, q);
  values(quantised.k, k);
  Matrix<double> exact_q, exact_k, exact_v;
  read_values(trace, layer, TensorKind::Q, head, exact_q);
  read_values(trace, layer, TensorKind::K, trace.kv_head(layer, head), exact_k);
  read_values(trace, layer, TensorKind::V, trace.kv_head(layer, head), exact_v);
  DenseAttention fixed, exact;
  fixed.load(std::as_const(k).view(), std::as_const(quantised.v).view());
  exact.load(std::as_const(exact_k).view(), std::as_const(exact_v).view());
  HeadShare share;
  for (const PlannedProblem& planned : problems) {
    const Problem& problem = planned.problem;
    for (std::int64_t top = 0; top < problem.queries; top += DenseAttention::kMaxRows) {
      const std::int64_t height = std::min(DenseAttention::kMaxRows, problem.queries - top);
      Matrix<double> p(height, k.rows()), out(height, quantised.d), reference(height, quantised.d);
      const std::int64_t first = problem.first_query + top;
      const std::int64_t step = problem.causal ? 1 : 0;
      fixed.rows(std::as_const(q).view().slice(first, height), problem.visible(top), step, p.view(),
                 out.view());
      exact.rows(std::as_const(exact_q).view().slice(first, height), problem.visible(top), step,
                 p.view(), reference.view());
      share.fidelity.error.add(out.values(), reference.values());
    }
  }
  const LayerShape& shape = trace.shape(layer);
  share.counts.add_values(quantised, head, shape.heads / shape.kv_heads);
  share.fidelity.mass_sum = 1;
  share.fidelity.heads = 1;
  return share;
}

}  // namespace

void plan_layer(const HdpRules& rules, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const PlayOptions& options, PlannedLayer& planned) {
  const auto heads = static_cast<std::size_t>(trace.shape(layer).heads);
  const std::vector<Problem> all = problems(trace, layer);
  planned.problems.resize(all.size());
  for (std::size_t p = 0; p < all.size(); ++p) {
    planned.problems[p].problem = all[p];
    planned.problems[p].heads.resize(heads);
    std::iota(planned.problems[p].heads.begin(), planned.problems[p].heads.end(), 0);
    planned.problems[p].plans.resize(rules.pruning ? heads : 0);
  }
  std::vector<HeadShare> shares(heads);
  if (!rules.pruning) {
    if (options.compares())
      parallel_for(heads, options.threads, [&](std::size_t h) {
        shares[h] = dense_head(rules, trace, formats, layer, static_cast<std::int64_t>(h),
                               planned.problems);
      });
  } else {
    const std::size_t lanes = std::clamp<std::size_t>(options.threads, 1, heads);
    parallel_for(lanes, options.threads, [&](std::size_t lane) {
      HeadPlanner planner(rules, formats);
      for (std::size_t h = lane; h < heads; h += lanes)
        shares[h] = planner.plan(trace, formats, layer, static_cast<std::int64_t>(h),
                                 options.compares(), planned);
    });
  }
  planned.counts = {};
  planned.fidelity = {};
  for (const HeadShare& share : shares) {
    planned.counts.add(share.counts);
    planned.fidelity.add(share.fidelity);
  }
}

}  // namespace hdp
