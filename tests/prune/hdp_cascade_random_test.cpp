// SPDX-License-Identifier: Apache-2.0
// Blocks and heads behind a cascade: every plan is that of the definition on the live tokens alone.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "prune/hdp_case.hpp"
#include "support/tensor_file.hpp"
#include <hdp/base/random.hpp>
#include <hdp/prune/hdp_cascade.hpp>

namespace hdp::test {
namespace {

constexpr std::int64_t kLayers = 3;

/// Layers of the case's shape with values of their own: by layer, then tensor.
using LayerValues = std::vector<std::array<std::vector<double>, 3>>;

LayerValues values_of(const HdpCase& c, std::uint64_t seed) {
  RandomStream random(seed, "layers");
  LayerValues all(kLayers, c.values);
  for (auto& layer : all)
    for (auto& tensor : layer)
      for (double& x : tensor) x = tensor[random.below(tensor.size())];
  return all;
}

Trace trace_of(const HdpCase& c, const LayerValues& values) {
  TraceFile file;
  file.metadata = {{"stage", c.stage == Stage::Decode ? "decode" : "prefill"},
                   {"causal", c.causal ? "true" : "false"}};
  if (c.stage == Stage::Decode) {
    file.metadata["n_ctx"] = std::to_string(c.shape.n_k - c.shape.n_q);
    file.metadata["steps"] = std::to_string(c.shape.n_q);
  }
  for (std::int64_t layer = 0; layer < kLayers; ++layer)
    for (const TensorKind kind : kTensorKinds)
      file.add(tensor_name(layer, kind),
               {c.shape.stored_heads(kind), c.shape.rows(kind), c.shape.d}, ElementType::F64,
               bytes_of(values[static_cast<std::size_t>(layer)][static_cast<std::size_t>(kind)]));
  return file.trace();
}

std::vector<double> row_of(const HdpCase& c, const std::vector<double>& tensor, std::int64_t row) {
  return {tensor.begin() + row * c.shape.d, tensor.begin() + (row + 1) * c.shape.d};
}

/// What a head sees of the tokens that are left.
NaiveInput live_input(const HdpCase& c, const std::array<std::vector<double>, 3>& values,
                      const Problem& problem, std::int64_t head,
                      const std::vector<std::int32_t>& tokens) {
  const std::int64_t kv_head = head / (c.shape.heads / c.shape.kv_heads);
  const auto& [q, k, v] = values;
  NaiveInput input;
  input.causal = problem.causal;
  for (const std::int32_t token : tokens) {
    const std::int64_t query = token - (problem.keys - problem.queries);
    if (query >= 0)
      input.q.push_back(row_of(c, q, head * c.shape.n_q + problem.first_query + query));
    input.k.push_back(row_of(c, k, kv_head * c.shape.n_k + token));
    input.v.push_back(row_of(c, v, kv_head * c.shape.n_k + token));
  }
  return input;
}

void check(const HdpPlan& plan, const NaiveResult& want) {
  RC_ASSERT(plan.theta_head == want.theta_head);
  RC_ASSERT(plan.head_kept == want.head_kept);
  RC_ASSERT(plan.blocks_pruned == want.pruned);
  RC_ASSERT(plan.kept_entries == want.kept_entries);
  RC_ASSERT(plan.mask.rows() == static_cast<std::int64_t>(want.kept.size()));
  for (std::size_t i = 0; i < want.kept.size(); ++i)
    for (std::size_t j = 0; j < want.kept[i].size(); ++j)
      RC_ASSERT(plan.mask.kept(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)) ==
                want.kept[i][j]);
}

RC_GTEST_PROP(HdpCascadeRandomTest, EveryPlanIsThatOfTheDefinitionOnTheLiveTokens, ()) {
  const HdpCase c = arbitrary_hdp_case();
  RC_LOG() << c.describe() << "\n";
  const LayerValues values = values_of(c, *rc::gen::arbitrary<std::uint64_t>());
  const Trace trace = trace_of(c, values);
  HdpCascadeSchedules schedules;
  schedules.token.keep = schedules.head.keep = 0.75;
  schedules.token.base.kind = schedules.head.base.kind = KeepBase::Kind::Current;
  const auto layers = plan_cascade(trace, c.settings, hdp_formats(trace, c.settings), schedules, 1);
  const std::vector<Problem> all = problems(trace, 0);
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    RC_ASSERT(layers[layer].problems.size() == all.size());
    for (std::size_t p = 0; p < all.size(); ++p) {
      const HdpCascadeProblem& decided = layers[layer].problems[p];
      for (std::size_t h = 0; h < decided.heads.size(); ++h)
        check(decided.plans[h],
              naive_hdp(live_input(c, values[layer], all[p], decided.heads[h], decided.tokens),
                        c.settings));
    }
  }
}

}  // namespace
}  // namespace hdp::test
