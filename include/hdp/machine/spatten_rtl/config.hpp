// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/config/field.hpp>
#include <hdp/config/row_choice.hpp>

namespace hdp {

enum class SpattenRtlKind : std::uint8_t { SpattenRtl };
template <>
struct EnumNames<SpattenRtlKind> {
  static constexpr std::array<std::string_view, 1> kNames{"spatten_rtl"};
};

/// The arguments of the authors' bench. The defaults are those of their script, which make the 1/8
/// design.
struct SpattenRtlConfig {
  SpattenRtlKind kind = SpattenRtlKind::SpattenRtl;
  std::string name = "spatten_rtl_artifact";
  std::int64_t buffer_lines = 2048;
  std::int64_t multipliers = 64;
  std::int64_t bandwidth_downsample = 8;
  std::int64_t top_k_parallelism = 16;
  std::int64_t fetch_padding = 8;
  RowChoice requantise;

  static constexpr auto kFields = std::tuple{
      Field{&SpattenRtlConfig::kind, "kind", "", "The accelerator."},
      Field{&SpattenRtlConfig::name, "name", "", "Name in reports."},
      Field{&SpattenRtlConfig::buffer_lines, "buffer_lines", "lines",
            "Lines of the K buffer, and of the V buffer; each as wide as the multipliers.",
            Range{4, 65'536}, Source::MeasuredRtl},
      Field{&SpattenRtlConfig::multipliers, "multipliers", "multipliers",
            "Of QK, and of PV; a power of two.", Range{64, 2048}, Source::MeasuredRtl},
      Field{&SpattenRtlConfig::bandwidth_downsample, "bandwidth_downsample", "",
            "The memory has 16 channels over this; a power of two.", Range{1, 16},
            Source::MeasuredRtl},
      Field{&SpattenRtlConfig::top_k_parallelism, "top_k_parallelism", "comparators",
            "Of the latency that is drawn for a top-k.", Range{1, 4096}, Source::MeasuredRtl},
      Field{&SpattenRtlConfig::fetch_padding, "fetch_padding", "vectors",
            "Counts of keys and values are rounded up to a multiple of it.", Range{1, 2048},
            Source::MeasuredRtl},
      Field{&SpattenRtlConfig::requantise, "requantise", "",
            "Rows that take the second pass, with all bits: in the RTL that hangs on its random "
            "data, so it is given: every eligible row, none, or a list."}};

  /// Of the memory.
  [[nodiscard]] std::int64_t channels() const { return 16 / bandwidth_downsample; }
};

/// The RTL of a name or file with `path=value` changes on top, valid.
SpattenRtlConfig resolve_spatten_rtl(const Catalog& catalog, const std::string& name_or_path,
                                     const std::vector<std::string>& changes = {});

/// UserError where the RTL cannot be built so.
void validate(const SpattenRtlConfig& config);

}  // namespace hdp
