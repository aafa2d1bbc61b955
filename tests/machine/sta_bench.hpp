// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <machine/layer_bench.hpp>
#include <machine/traces.hpp>

#include <hdp/machine/sta/run.hpp>

namespace hdp::test {

/// A machine whose memory only costs its latency.
inline StaConfig unloaded_sta(std::int64_t latency = 10) {
  StaConfig config;
  config.memory = unloaded_memory(latency);
  return config;
}

struct StaShape {
  std::int64_t heads = 1, kv_heads = 1, queries = 16, keys = 32, d = 16;
};

inline Trace sta_trace(const StaShape& shape, Stage stage = Stage::Prefill, bool causal = false,
                       std::int64_t layers = 1) {
  return random_trace({.heads = shape.heads,
                       .kv_heads = shape.kv_heads,
                       .n_q = shape.queries,
                       .n_k = shape.keys,
                       .d = shape.d},
                      stage, causal, 7, layers);
}

}  // namespace hdp::test
