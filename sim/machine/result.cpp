// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/check.hpp>
#include <hdp/machine/result.hpp>

namespace hdp {
namespace {

std::int64_t sum_of(const std::vector<Counter>& counters) {
  std::int64_t sum = 0;
  for (const Counter& counter : counters) sum += counter.value;
  return sum;
}

}  // namespace

std::int64_t MemoryUse::total_read_bytes() const { return sum_of(read_bytes); }
std::int64_t MemoryUse::total_written_bytes() const { return sum_of(written_bytes); }

std::optional<double> RunResult::total_pj() const {
  if (!energy_pj) return std::nullopt;
  return total_of(*energy_pj);
}

double RunResult::utilisation() const {
  std::int64_t busy = 0, total = 0;
  for (const UnitReport& unit : units) {
    if (!unit.datapath) continue;
    busy += unit.busy;
    total += unit.total;
  }
  return total == 0 ? 0.0 : static_cast<double>(busy) / static_cast<double>(total);
}

double Comparison::speedup() const {
  HDP_CHECK(baseline.has_value(), "a speedup has a baseline");
  return baseline->time_ns() / run.time_ns();
}

std::optional<double> Comparison::energy_ratio() const {
  HDP_CHECK(baseline.has_value(), "an energy ratio has a baseline");
  const auto energy = run.total_pj(), base = baseline->total_pj();
  if (!energy || !base) return std::nullopt;
  return *base / *energy;
}

}  // namespace hdp
