// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include <hdp/config/field.hpp>

namespace hdp {

/// The arguments of the authors' bench. The defaults are those of their script, which make the 1/8
/// design.
struct SpattenRtlConfig {
  std::string name = "spatten_rtl_artifact";
  std::int64_t buffer_lines = 2048;
  std::int64_t multipliers = 64;
  std::int64_t bandwidth_downsample = 8;
  std::int64_t top_k_parallelism = 16;
  std::int64_t fetch_padding = 8;

  static constexpr auto kFields = std::tuple{
      Field{&SpattenRtlConfig::name, "name", "", "Name in reports."},
      Field{&SpattenRtlConfig::buffer_lines, "buffer_lines", "lines",
            "Lines of the K buffer, and of the V buffer; each as wide as the multipliers.",
            Range{2, 65'536}},
      Field{&SpattenRtlConfig::multipliers, "multipliers", "multipliers",
            "Of QK, and of PV; a power of two.", Range{64, 2048}},
      Field{&SpattenRtlConfig::bandwidth_downsample, "bandwidth_downsample", "",
            "The memory has 16 channels over this; a power of two.", Range{1, 16}},
      Field{&SpattenRtlConfig::top_k_parallelism, "top_k_parallelism", "comparators",
            "Of the latency that is drawn for a top-k.", Range{1, 4096}},
      Field{&SpattenRtlConfig::fetch_padding, "fetch_padding", "vectors",
            "Counts of keys and values are rounded up to a multiple of it.", Range{1, 2048}}};
};

/// UserError where the RTL cannot be built so.
void validate(const SpattenRtlConfig& config);

}  // namespace hdp
