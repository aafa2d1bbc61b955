// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <hdp/base/check.hpp>
#include <hdp/numeric/fixed_point.hpp>

namespace hdp {
namespace {

/// Adding and taking away 1.5 * 2^52 rounds half to even, for |x| < 2^51, without a branch.
constexpr double kRound = 6755399441055744.0;

/// rne(x * scale), cut at one beyond `limit` so that saturation still shows.
std::int32_t code_of(double x, double scale, double beyond) {
  const double scaled = std::min(std::max(x * scale, -beyond), beyond);
  return static_cast<std::int32_t>((scaled + kRound) - kRound);
}

double power_of_two(std::int64_t exponent) { return std::ldexp(1.0, static_cast<int>(exponent)); }

}  // namespace

std::int64_t quantise(FixedPoint format, std::span<const double> values,
                      std::span<std::int32_t> codes) {
  HDP_CHECK(values.size() == codes.size(), "one code per value");
  const double scale = power_of_two(format.fraction_bits);
  const std::int32_t limit = format.limit();
  const double beyond = limit + 1.0;
  std::int32_t* const out = codes.data();
  std::int32_t saturated = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int32_t code = code_of(values[i], scale, beyond);
    saturated += static_cast<std::int32_t>(code > limit) + static_cast<std::int32_t>(code < -limit);
    out[i] = std::min(std::max(code, -limit), limit);
  }
  return saturated;
}

std::int64_t SaturationCounter::fraction_bits(std::size_t i) const {
  return std::max<std::int64_t>(0, word_bits_ - 8 + static_cast<std::int64_t>(i));
}

void SaturationCounter::add(std::span<const double> values) {
  count_ += static_cast<std::int64_t>(values.size());
  for (std::size_t i = 0; i < kCandidates; ++i) {
    const FixedPoint format{word_bits_, fraction_bits(i)};
    const double scale = power_of_two(format.fraction_bits);
    const std::int32_t limit = format.limit();
    std::int32_t saturated = 0;
    for (const double x : values)
      saturated += static_cast<std::int32_t>(std::abs(code_of(x, scale, limit + 1.0)) > limit);
    saturated_[i] += saturated;
  }
}

bool SaturationCounter::passes(std::size_t i, double share) const {
  return static_cast<double>(saturated_[i]) <= share * static_cast<double>(count_);
}

std::int64_t auto_fraction_bits(std::span<const SaturationCounter> counters, double max_saturated) {
  HDP_CHECK(!counters.empty(), "auto needs values to look at");
  for (std::size_t i = SaturationCounter::kCandidates; i-- > 1;)
    if (std::ranges::all_of(counters, [&](const auto& c) { return c.passes(i, max_saturated); }))
      return counters[0].fraction_bits(i);
  return counters[0].fraction_bits(0);
}

}  // namespace hdp
