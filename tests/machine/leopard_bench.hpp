// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <machine/traces.hpp>

#include <hdp/machine/leopard/run.hpp>

namespace hdp::test {

/// A machine whose memory only costs its latency: what is left is what the closed formula counts.
inline LeopardConfig unloaded_leopard(std::int64_t memory_latency = 10) {
  LeopardConfig config;
  config.memory.model = "ideal";
  config.memory.bandwidth_mb_per_s = 1'000'000'000;
  config.memory.latency_cycles = memory_latency;
  config.fetch = {.request_bytes = 4096, .requests_in_flight = 512, .requests_per_cycle = 64};
  return config;
}

inline Trace prefill_trace(std::int64_t heads, std::int64_t kv_heads, std::int64_t n,
                           std::int64_t d = 64, std::int64_t layers = 1, bool causal = true,
                           unsigned seed = 5) {
  return random_trace({.heads = heads, .kv_heads = kv_heads, .n_q = n, .n_k = n, .d = d},
                      Stage::Prefill, causal, seed, layers);
}

/// `steps` steps behind `context` tokens.
inline Trace steps_trace(std::int64_t heads, std::int64_t kv_heads, std::int64_t context,
                         std::int64_t steps, std::int64_t d = 64, std::int64_t layers = 1) {
  return random_trace(
      {.heads = heads, .kv_heads = kv_heads, .n_q = steps, .n_k = context + steps, .d = d},
      Stage::Decode, true, 6, layers);
}

}  // namespace hdp::test
