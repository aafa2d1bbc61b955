// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <hdp/base/check.hpp>
#include <hdp/numeric/split.hpp>

namespace hdp {

void integer_plane(SplitMode mode, std::int64_t fraction_bits, std::span<const std::int32_t> codes,
                   std::span<std::int32_t> integer) {
  HDP_CHECK(codes.size() == integer.size(), "one integer part per code");
  const int f = static_cast<int>(fraction_bits);
  const std::int32_t half = f == 0 ? 0 : std::int32_t{1} << (f - 1);
  const std::int32_t* const in = codes.data();
  std::int32_t* const out = integer.data();
  const std::size_t count = codes.size();
  switch (mode) {
    case SplitMode::Trunc:
      for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t magnitude = std::abs(in[i]) >> f;
        out[i] = in[i] < 0 ? -magnitude : magnitude;
      }
      return;
    case SplitMode::Floor:
      for (std::size_t i = 0; i < count; ++i) out[i] = in[i] >> f;
      return;
    case SplitMode::Nearest:
      for (std::size_t i = 0; i < count; ++i) out[i] = (in[i] + half) >> f;
      return;
  }
}

void fraction_plane(std::int64_t fraction_bits, std::span<const std::int32_t> codes,
                    std::span<const std::int32_t> integer, std::span<std::int32_t> fraction) {
  HDP_CHECK(codes.size() == integer.size() && codes.size() == fraction.size(), "planes match");
  const std::int32_t weight = std::int32_t{1} << fraction_bits;
  std::int32_t* const out = fraction.data();
  for (std::size_t i = 0; i < codes.size(); ++i) out[i] = codes[i] - integer[i] * weight;
}

}  // namespace hdp
