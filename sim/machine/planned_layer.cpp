// SPDX-License-Identifier: Apache-2.0
#include "machine/planned_layer.hpp"

#include <algorithm>
#include <utility>

#include <hdp/base/parallel.hpp>
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
  explicit HeadPlanner(const HdpConfig& config)
      : config_(config), planner_(config.prune), fidelity_(config.prune) {}

  HeadShare plan(const Trace& trace, const HdpFormats& formats, std::int64_t layer,
                 std::int64_t head, bool fidelity, PlannedLayer& planned) {
    HeadShare share;
    head_.load(trace, layer, head, formats, config_.prune, fidelity);
    planner_.load(std::as_const(head_.q.integer).view(), std::as_const(head_.k.integer).view());
    if (fidelity) fidelity_.load(trace, layer, head, head_);
    for (std::size_t p = 0; p < planned.problems.size(); ++p) {
      HdpPlan& plan = planned.plans[p][static_cast<std::size_t>(head)];
      planner_.plan(planned.problems[p], plan);
      share.counts.add(plan);
      if (fidelity) fidelity_.add(plan);
    }
    const LayerShape& shape = trace.shape(layer);
    share.counts.add_saturated(head_, head, shape.heads / shape.kv_heads);
    if (fidelity)
      share.fidelity = {fidelity_.error(), fidelity_.mass() / static_cast<double>(shape.n_q), 1};
    return share;
  }

 private:
  const HdpConfig& config_;
  HdpHead head_;
  HdpPlanner planner_;
  HdpFidelity fidelity_;
};

/// Dense attention on the same fixed-point words, beside dense attention in double.
HeadShare dense_head(const HdpConfig& config, const Trace& trace, const HdpFormats& formats,
                     std::int64_t layer, std::int64_t head, const std::vector<Problem>& problems) {
  HdpHead quantised;
  quantised.load(trace, layer, head, formats, config.prune, true);
  Matrix<double> q(quantised.q.code.rows(), quantised.d), k(quantised.k.code.rows(), quantised.d);
  const auto values = [](const HdpPlanes& planes, Matrix<double>& to) {
    std::ranges::transform(planes.code.values(), to.values().begin(),
                           [&](std::int32_t code) { return code * planes.unit; });
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
  for (const Problem& problem : problems) {
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
  share.counts.add_saturated(quantised, head, shape.heads / shape.kv_heads);
  share.fidelity.mass_sum = 1;
  share.fidelity.heads = 1;
  return share;
}

}  // namespace

void Fidelity::add(const Fidelity& other) {
  error.add(other.error);
  mass_sum += other.mass_sum;
  heads += other.heads;
}

void plan_layer(const HdpConfig& config, const Trace& trace, const HdpFormats& formats,
                std::int64_t layer, const RunOptions& options, PlannedLayer& planned) {
  const auto heads = static_cast<std::size_t>(trace.shape(layer).heads);
  planned.problems = problems(trace, layer);
  planned.plans.resize(config.pruning ? planned.problems.size() : 0);
  for (auto& plans : planned.plans) plans.resize(heads);
  std::vector<HeadShare> shares(heads);
  if (!config.pruning) {
    if (options.fidelity)
      parallel_for(heads, options.threads, [&](std::size_t h) {
        shares[h] = dense_head(config, trace, formats, layer, static_cast<std::int64_t>(h),
                               planned.problems);
      });
  } else {
    const std::size_t lanes = std::clamp<std::size_t>(options.threads, 1, heads);
    parallel_for(lanes, options.threads, [&](std::size_t lane) {
      HeadPlanner planner(config);
      for (std::size_t h = lane; h < heads; h += lanes)
        shares[h] = planner.plan(trace, formats, layer, static_cast<std::int64_t>(h),
                                 options.fidelity, planned);
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
