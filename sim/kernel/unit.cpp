// SPDX-License-Identifier: Apache-2.0
#include <hdp/kernel/unit.hpp>

namespace hdp {

std::vector<Counter> counters_of(const UnitKind& kind, std::span<const std::int64_t> values) {
  HDP_CHECK(values.size() == kind.counters.size(), "a value for every counter of the kind");
  std::vector<Counter> counters;
  for (std::size_t i = 0; i < values.size(); ++i)
    counters.push_back({std::string(kind.counters[i].name), values[i]});
  return counters;
}

void check_accounts(std::span<const UnitReport> reports, std::int64_t cycles) {
  for (const UnitReport& unit : reports) {
    HDP_CHECK(unit.total == cycles, "every unit charges every cycle of the run");
    std::int64_t sum = unit.idle + unit.busy;
    for (const Counter& reason : unit.blocked) sum += reason.value;
    HDP_CHECK(sum == cycles, "every cycle is idle, busy or blocked");
  }
}

}  // namespace hdp
