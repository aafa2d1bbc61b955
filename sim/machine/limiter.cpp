// SPDX-License-Identifier: Apache-2.0
#include "machine/limiter.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace hdp {
namespace {

constexpr std::array<std::string_view, 4> kComputing{"sparsity_engine", "softmax", "top_k_engine",
                                                     "multiplier_array"};

std::string busiest_behind(std::span<const UnitReport> arrays, std::span<const UnitReport> units) {
  const UnitReport* busiest = nullptr;
  for (const UnitReport& unit : units) {
    if (std::ranges::find(kComputing, unit.kind) == kComputing.end()) continue;
    if (std::ranges::find(arrays, unit.instance, &UnitReport::instance) != arrays.end()) continue;
    if (busiest == nullptr || unit.busy > busiest->busy) busiest = &unit;
  }
  return busiest == nullptr ? "output" : busiest->kind;
}

}  // namespace

Limiter limiter_of(std::span<const UnitReport> arrays, std::span<const UnitReport> units,
                   std::string_view decides) {
  const std::map<std::string, std::string> unit_behind{{"decision", std::string(decides)},
                                                       {"scores", "multiplier_array"},
                                                       {"top_k", "top_k_engine"},
                                                       {"sram_bank", "sram"},
                                                       {"output", busiest_behind(arrays, units)}};
  std::map<std::string, std::int64_t> cycles;
  std::int64_t total = 0;
  for (const UnitReport& array : arrays) {
    total += array.total;
    cycles[array.kind] += array.busy;
    for (const Counter& reason : array.blocked) {
      const auto unit = unit_behind.find(reason.name);
      cycles[unit == unit_behind.end() ? reason.name : unit->second] += reason.value;
    }
  }
  Limiter limiter;
  for (const auto& [name, part] : cycles) {
    const double share = total == 0 ? 0 : static_cast<double>(part) / static_cast<double>(total);
    if (share > limiter.share) limiter = {name, share};
  }
  return limiter;
}

}  // namespace hdp
