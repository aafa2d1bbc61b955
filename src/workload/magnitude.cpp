// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include <hdp/workload/magnitude.hpp>

namespace hdp {
namespace {

double value_at(ElementType type, std::span<const std::byte> bytes, std::size_t index) {
  double value = 0;
  widen(type, bytes.subspan(index * size_of(type), size_of(type)), {&value, 1});
  return value;
}

}  // namespace

std::optional<BadValue> first_out_of_range(ElementType type, std::span<const std::byte> bytes) {
  std::optional<std::size_t> at = first_not_finite(type, bytes);
  if (type == ElementType::F64) {  // the only type that goes further
    const std::size_t end = at.value_or(bytes.size() / sizeof(double));
    for (std::size_t i = 0; i < end; ++i) {
      if (std::abs(value_at(type, bytes, i)) <= kLargestMagnitude) continue;
      at = i;
      break;
    }
  }
  if (!at) return std::nullopt;
  return BadValue{*at, value_at(type, bytes, *at)};
}

std::string text_of(BadValue bad) {
  return std::isnan(bad.value) ? "NaN" : fmt::format("{}", bad.value);
}

}  // namespace hdp
