// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace hdp {

/// A span of clock cycles.
struct Cycles {
  std::int64_t count = 0;
  friend constexpr auto operator<=>(Cycles, Cycles) = default;
  friend constexpr Cycles operator+(Cycles a, Cycles b) { return {a.count + b.count}; }
  friend constexpr Cycles operator-(Cycles a, Cycles b) { return {a.count - b.count}; }
  friend constexpr Cycles operator*(Cycles a, std::int64_t n) { return {a.count * n}; }
  constexpr Cycles& operator+=(Cycles b) { return count += b.count, *this; }
};

/// A point on the clock: points subtract to spans, and only spans add to points.
struct Cycle {
  std::int64_t index = 0;
  friend constexpr auto operator<=>(Cycle, Cycle) = default;
  friend constexpr Cycle operator+(Cycle at, Cycles span) { return {at.index + span.count}; }
  friend constexpr Cycle operator-(Cycle at, Cycles span) { return {at.index - span.count}; }
  friend constexpr Cycles operator-(Cycle a, Cycle b) { return {a.index - b.index}; }
};

/// Later than every cycle of any run.
inline constexpr Cycle kNever{std::numeric_limits<std::int64_t>::max()};

namespace literals {
constexpr Cycles operator""_cyc(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Cycle operator""_at(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
}  // namespace literals

/// ceil(a / b) for a >= 0, b > 0.
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// At least 1; of two that are as near by ratio the larger.
std::int64_t nearest_power_of_two(double value);

}  // namespace hdp
