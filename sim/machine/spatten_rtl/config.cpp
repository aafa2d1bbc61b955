// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include <fmt/format.h>

#include "machine/spatten_rtl/fetch_context.hpp"
#include "machine/spatten_rtl/requests.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/machine/spatten_rtl/config.hpp>

namespace hdp {
namespace {

bool is_power_of_two(std::int64_t value) {
  return std::has_single_bit(static_cast<std::uint64_t>(value));
}

[[noreturn]] void refuse_size(std::string setting, std::int64_t value, std::string allowed) {
  refuse(std::move(setting), fmt::format("{} cannot be built", value), std::move(allowed));
}

}  // namespace

void validate(const SpattenRtlConfig& config) {
  need_one_line("/name", config.name);
  if (!is_power_of_two(config.multipliers))
    refuse_size("multipliers", config.multipliers, "a power of two");
  if (!is_power_of_two(config.bandwidth_downsample))
    refuse_size("bandwidth_downsample", config.bandwidth_downsample, "a power of two");
  if (config.buffer_lines % 2 != 0)
    refuse_size("buffer_lines", config.buffer_lines, "an even number");
  const spatten_rtl::Shape shape = spatten_rtl::shape_of(config);
  if (shape.lanes_per_element < 1 ||
      shape.lanes > static_cast<std::int32_t>(spatten_rtl::kMostLanes))
    refuse_size("multipliers", config.multipliers,
                "what two lines of it hold must be whole accesses of 256 bits");
  if (shape.buffer_lines < shape.fragments_per_row())
    refuse_size("buffer_lines", config.buffer_lines,
                "at least the fragments of a row of addresses");
}

}  // namespace hdp
