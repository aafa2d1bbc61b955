// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// UserError where layers differ in tokens or heads: a cascade goes through them.
inline void need_same_layers(const Trace& trace) {
  const LayerShape& first = trace.shape(0);
  for (std::int64_t layer = 1; layer < trace.layers(); ++layer) {
    const LayerShape& shape = trace.shape(layer);
    if (shape.n_q != first.n_q || shape.n_k != first.n_k || shape.heads != first.heads)
      throw UserError({.path = fmt::format("{}: layers.{}", trace.name(), layer),
                       .problem = "has other tokens or heads than layer 0",
                       .allowed = "the same in all layers, as the cascade goes through them"});
  }
}

}  // namespace hdp
