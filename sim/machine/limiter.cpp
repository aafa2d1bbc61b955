// SPDX-License-Identifier: Apache-2.0
#include "machine/limiter.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <hdp/memory/memory.hpp>

namespace hdp {
namespace {

// A unit goes before the cores where it accounts for this share of what cores would save: more
// cores are the dearest of all remedies.
constexpr double kBeforeCores = 0.65;

double share_of(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Below this share of its time a run cannot get, however fast all others are.
double busy_share(const UnitReport& unit, const RunResult& run) {
  if (unit.kind == "memory" && run.memory.dram)
    return run.memory.dram->result.bandwidth_fraction(run.memory.dram->config);
  constexpr std::array<std::string_view, 3> kPassive{"sram", "sequencer", "core"};
  return std::ranges::find(kPassive, unit.kind) == kPassive.end() ? share_of(unit.busy, unit.total)
                                                                  : 0.0;
}

/// Of the time of an array, what its operands need.
double operand_share(const UnitReport& unit) {
  const auto operands = std::ranges::find(unit.counters, "operand_cycles", &Counter::name);
  return operands == unit.counters.end() ? 0.0 : share_of(operands->value, unit.total);
}

double floor_without(std::string_view kind, const RunResult& run) {
  double most = 0;
  for (const UnitReport& unit : run.units) {
    if (unit.kind != kind) most = std::max(most, busy_share(unit, run));
    if (kind != "sram") most = std::max(most, operand_share(unit));
  }
  return most;
}

bool is_array(std::string_view kind, const RunResult& run) {
  const auto unit = std::ranges::find(run.units, kind, &UnitReport::kind);
  return unit != run.units.end() && unit->datapath;
}

struct Estimate {
  std::string unit;
  double share = 0, gain = 0;
};

/// Twice the rate halves the work; half the latency halves the latency.
Estimate estimate_of(const CriticalTime& time, const RunResult& run, const Dealing& dealing) {
  constexpr double kHalf = 0.5;
  const double work = is_array(time.account, run) ? dealing.array_saving : kHalf;
  const double most =
      std::max(work * share_of(time.work, run.cycles), kHalf * share_of(time.latency, run.cycles));
  return {time.account, share_of(time.cycles(), run.cycles),
          std::min(most, 1 - floor_without(time.account, run))};
}

/// Rounds that the pieces take, with so many places at a time.
std::int64_t rounds(const Dealing& dealing, std::int64_t places) {
  std::int64_t sum = 0;
  for (const std::int64_t pieces : dealing.pieces) sum += ceil_div(pieces, places);
  return sum;
}

double saved(const Dealing& dealing, std::int64_t places) {
  return 1 - share_of(rounds(dealing, 2 * places), rounds(dealing, places));
}

/// Work of a core halves with the pieces that it gets; latencies of pieces that are on it at a time
/// overlap already. What memory works stays.
Estimate estimate_of_cores(const RunResult& run, const Dealing& dealing) {
  double work = 0, latency = 0, memory_busy = 0;
  for (const CriticalTime& time : run.critical_path) {
    if (time.account == "memory") {
      latency += share_of(time.latency, run.cycles);
    } else {
      work += share_of(time.work, run.cycles);
      latency += share_of(time.latency, run.cycles);
    }
  }
  for (const UnitReport& unit : run.units)
    if (unit.kind == "memory") memory_busy = busy_share(unit, run);
  const double gain = work * saved(dealing, dealing.cores) +
                      latency * saved(dealing, dealing.cores * dealing.contexts);
  return {"core", work + latency, std::min(gain, 1 - memory_busy)};
}

}  // namespace

Limiter limiter_of(const RunResult& run, const Dealing& dealing) {
  Estimate best;
  const auto more = [](const Estimate& a, const Estimate& b) { return a.gain < b.gain; };
  std::vector<Estimate> units;
  for (const CriticalTime& time : run.critical_path)
    if (time.account != "sequencer") units.push_back(estimate_of(time, run, dealing));
  if (!units.empty()) best = *std::ranges::max_element(units, more);
  if (!dealing.pieces.empty()) {
    const Estimate cores = estimate_of_cores(run, dealing);
    if (best.gain < kBeforeCores * cores.gain) best = cores;
  }
  return {best.unit, std::clamp(best.share, 0.0, 1.0)};
}

}  // namespace hdp
