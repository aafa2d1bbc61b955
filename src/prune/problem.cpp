// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

std::vector<Problem> problems(const Trace& trace, std::int64_t layer) {
  return problems(trace, layer, trace.causal());
}

std::vector<Problem> problems(const Trace& trace, std::int64_t layer, bool causal) {
  const LayerShape shape = trace.shape(layer);
  if (trace.stage() == Stage::Prefill) {
    if (causal && shape.n_q > shape.n_k)
      throw UserError({.path = fmt::format("{}: layers.{}.q", trace.name(), layer),
                       .problem = fmt::format("{} queries see only {} keys", shape.n_q, shape.n_k),
                       .unit = "rows",
                       .allowed = "at most as many queries as keys where attention is causal"});
    return {{0, shape.n_q, shape.n_k, causal}};
  }
  std::vector<Problem> steps;
  for (std::int64_t t = 0; t < shape.n_q; ++t) steps.push_back({t, 1, trace.n_ctx() + t + 1, true});
  return steps;
}

}  // namespace hdp
