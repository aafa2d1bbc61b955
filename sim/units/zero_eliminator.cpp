// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include <hdp/base/check.hpp>
#include <hdp/units/zero_eliminator.hpp>

namespace hdp {

std::int64_t zero_eliminator_layers(std::int64_t width) {
  HDP_CHECK(width > 0, "a line has elements");
  return static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(width - 1)));
}

CompactLine eliminate_zeros(std::span<const std::int64_t> values, const std::vector<bool>& valid) {
  HDP_CHECK(values.size() == valid.size(), "every element is valid or not");
  CompactLine line{{values.begin(), values.end()}, 0, 0};
  std::vector<std::size_t> gaps(values.size());  // before the element, as far as not yet closed
  std::vector<bool> full = valid;
  for (std::size_t i = 0, found = 0; i < values.size(); ++i) {
    gaps[i] = found;
    if (!valid[i]) {
      ++found;
      line.values[i] = 0;
    } else {
      ++line.count;
    }
  }
  line.layers = values.empty() ? 0 : zero_eliminator_layers(std::ssize(values));
  for (std::int64_t layer = 0; layer < line.layers; ++layer) {
    const std::size_t shift = std::size_t{1} << layer;
    for (std::size_t i = shift; i < values.size(); ++i) {
      if (!full[i] || (gaps[i] & shift) == 0) continue;
      line.values[i - shift] = line.values[i];
      gaps[i - shift] = gaps[i];
      full[i - shift] = true;
      line.values[i] = 0;
      full[i] = false;
    }
  }
  return line;
}

}  // namespace hdp
