// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <hdp/base/check.hpp>
#include <hdp/numeric/fixed_point.hpp>
#include <hdp/numeric/scale_quantisation.hpp>

namespace hdp {
namespace {

std::int32_t limit_of(std::int64_t bits) { return FixedPoint{bits, 0}.limit(); }

}  // namespace

double scale_of(std::span<const double> values, std::int64_t bits) {
  double most = 0;
  for (const double x : values) most = std::max(most, std::abs(x));
  const double scale = most / limit_of(bits);
  return scale < std::numeric_limits<double>::min() ? 1.0 : scale;
}

std::int64_t quantise_scaled(std::span<const double> values, double scale, std::int64_t bits,
                             std::span<std::int32_t> codes) {
  HDP_CHECK(values.size() == codes.size(), "one code per value");
  const double limit = limit_of(bits);
  std::int64_t saturated = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double rounded = std::nearbyint(values[i] / scale);
    saturated += static_cast<std::int64_t>(std::abs(rounded) > limit);
    codes[i] = static_cast<std::int32_t>(std::clamp(rounded, -limit, limit));
  }
  return saturated;
}

}  // namespace hdp
