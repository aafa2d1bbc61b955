// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <hdp/base/random.hpp>
#include <hdp/machine/spatten/config.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp::spatten {

/// Cycles of the top-k engine of a machine: on values, or where there are none on drawn ones. One
/// stream of random numbers runs through all calls.
class Ranking {
 public:
  Ranking(const SpattenConfig& config, std::string_view stream)
      : engine_({.parallelism = config.top_k_width(),
                 .round_cycles = config.top_k.round_cycles,
                 .seed = config.top_k.seed}),
        values_stream_(static_cast<std::uint64_t>(config.seed), stream) {}

  std::int64_t on(std::span<const std::int64_t> values, std::int64_t k) {
    return engine_.select(values, k).cycles();
  }
  std::int64_t draw(std::int64_t count, std::int64_t k) {
    values_.resize(static_cast<std::size_t>(count));
    for (std::int64_t& value : values_)
      value = static_cast<std::int64_t>(values_stream_.next() >> 2U);
    return on(values_, k);
  }

 private:
  TopKEngine engine_;
  RandomStream values_stream_;
  std::vector<std::int64_t> values_;
};

}  // namespace hdp::spatten
