// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// Two clocks that start together: the core's, of `clock_mhz`, and the memory's, of `tck_ps`. Time
/// is exact. A memory cycle belongs to the core cycle in which it begins.
class ClockCrossing {
 public:
  ClockCrossing(std::int64_t clock_mhz, std::int64_t tck_ps) {
    const std::int64_t core = 1'000'000, memory = tck_ps * clock_mhz;  // periods, in one unit
    const std::int64_t common = std::gcd(core, memory);
    core_ = core / common;
    memory_ = memory / common;
  }

  /// The first memory cycle that does not begin before core cycle `core`.
  [[nodiscard]] Cycle first_in(Cycle core) const { return {ceil_div(core.index * core_, memory_)}; }
  /// The core cycle in which memory cycle `memory` begins.
  [[nodiscard]] Cycle core_of(Cycle memory) const { return {memory.index * memory_ / core_}; }
  /// The first core cycle that does not begin before memory cycle `memory`.
  [[nodiscard]] Cycle core_after(Cycle memory) const {
    return {ceil_div(memory.index * memory_, core_)};
  }
  /// Core cycles that a memory cycle lasts, rounded up.
  [[nodiscard]] Cycles core_cycles_of_one() const { return {ceil_div(memory_, core_)}; }

 private:
  std::int64_t core_ = 1, memory_ = 1;  ///< Periods, without their common factor.
};

}  // namespace hdp
