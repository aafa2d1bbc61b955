// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <numeric>
#include <string_view>
#include <vector>

#include <hdp/machine/spatten/run.hpp>

namespace hdp::test {

/// A machine whose memory only costs its latency: what is left is what the closed formula counts.
inline SpattenConfig unloaded_spatten(std::int64_t memory_latency = 10) {
  SpattenConfig config;
  config.memory.model = "ideal";
  config.memory.bandwidth_mb_per_s = 1'000'000'000;
  config.memory.latency_cycles = memory_latency;
  return config;
}

inline std::shared_ptr<const std::vector<std::int32_t>> first_tokens(std::int64_t count) {
  std::vector<std::int32_t> tokens(static_cast<std::size_t>(count));
  std::iota(tokens.begin(), tokens.end(), 0);
  return std::make_shared<const std::vector<std::int32_t>>(std::move(tokens));
}

/// One query on `keys` keys that uses the first `values` of them.
inline SpattenPass single_pass(std::int64_t keys, std::int64_t values, std::int64_t top_k = 0,
                               bool second_pass = false) {
  SpattenPass pass;
  pass.keys = first_tokens(keys);
  pass.values = *first_tokens(values);
  pass.queries = {
      {.keys = keys, .values = values, .top_k_cycles = top_k, .second_pass = second_pass}};
  return pass;
}

inline const UnitReport& unit_of(const SpattenResult& run, std::string_view instance) {
  for (const UnitReport& unit : run.units)
    if (unit.instance == instance) return unit;
  throw std::runtime_error("no such unit");
}

}  // namespace hdp::test
