// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

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

std::int64_t MemoryUse::bus_bytes() const {
  if (dram) {
    const auto& commands = dram->result.total.commands;
    return (commands[index_of(DramCommand::Rd)] + commands[index_of(DramCommand::Wr)]) *
           dram->config.organisation.access_bytes();
  }
  for (const Counter& counter : counters)
    if (counter.name == "moved_bytes") return counter.value;
  return total_read_bytes() + total_written_bytes();
}

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

std::optional<WhatIfVerdict> Comparison::verdict() const {
  if (what_if.empty()) return std::nullopt;
  WhatIfVerdict verdict;
  for (const WhatIf& row : what_if) {
    const double gain = row.gain.value_or(0);
    if (row.unit == run.limiter.name) verdict.gain = std::max(verdict.gain, gain);
    if (gain <= verdict.best_gain) continue;
    verdict.best_gain = gain;
    verdict.best = row.resource;
  }
  if (verdict.best_gain >= WhatIfVerdict::kLeastGain)
    verdict.confirmed = verdict.gain >= WhatIfVerdict::kPart * verdict.best_gain;
  return verdict;
}

}  // namespace hdp
