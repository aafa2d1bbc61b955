// SPDX-License-Identifier: Apache-2.0
#include "machine/limiter.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace hdp {
namespace {

/// The kind of unit behind a reason that an array is blocked on.
std::string unit_behind(const std::string& reason) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kUnits{
      {{"decision", "sparsity_engine"},
       {"scores", "multiplier_array"},
       {"top_k", "top_k_engine"},
       {"sram_bank", "sram"},
       {"output", "softmax"}}};
  for (const auto& [word, unit] : kUnits)
    if (word == reason) return std::string(unit);
  return reason;
}

}  // namespace

Limiter limiter_of(std::span<const UnitReport> arrays) {
  std::map<std::string, std::int64_t> cycles;
  std::int64_t total = 0;
  for (const UnitReport& array : arrays) {
    total += array.total;
    cycles[array.kind] += array.busy;
    for (const Counter& reason : array.blocked) cycles[unit_behind(reason.name)] += reason.value;
  }
  Limiter limiter;
  for (const auto& [name, part] : cycles) {
    const double share = total == 0 ? 0 : static_cast<double>(part) / static_cast<double>(total);
    if (share > limiter.share) limiter = {name, share};
  }
  return limiter;
}

}  // namespace hdp
