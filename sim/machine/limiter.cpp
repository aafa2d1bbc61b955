// SPDX-License-Identifier: Apache-2.0
#include "machine/limiter.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <hdp/memory/memory.hpp>

namespace hdp {
namespace {

// A unit goes before the cores, or the slices under way, where it accounts for this share of what
// more of those would save: they are the dearest of all remedies.
constexpr double kBeforeMore = 0.7;

double share_of(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double busy_share(const UnitReport& unit, const RunResult& run) {
  if (unit.kind == "memory" && run.memory.dram)
    return run.memory.dram->result.bandwidth_fraction(run.memory.dram->config);
  constexpr std::array<std::string_view, 4> kPassive{"sram", "sequencer", "core", "scoreboard"};
  return std::ranges::find(kPassive, unit.kind) == kPassive.end() ? share_of(unit.busy, unit.total)
                                                                  : 0.0;
}

/// Of each kind of unit the share of the time in which its busiest instance works. Below it the run
/// cannot get, however fast all others are.
std::map<std::string, double, std::less<>> busy_shares(const RunResult& run) {
  std::map<std::string, double, std::less<>> shares;
  const auto at_least = [&](const std::string& kind, double share) {
    shares[kind] = std::max(shares[kind], share);
  };
  for (const UnitReport& unit : run.units) {
    at_least(unit.kind, busy_share(unit, run));
    const auto operands = std::ranges::find(unit.counters, "operand_cycles", &Counter::name);
    if (operands != unit.counters.end()) at_least("sram", share_of(operands->value, unit.total));
  }
  return shares;
}

struct Estimate {
  std::string unit;
  double share = 0, gain = 0;
};

/// What relieving single units would save.
class Estimates {
 public:
  Estimates(const RunResult& run, const Dealing& dealing)
      : run_(run), dealing_(dealing), busy_(busy_shares(run)) {}

  /// Twice the rate halves the work; half the latency halves the latency, where a setting makes it.
  [[nodiscard]] Estimate of(const CriticalTime& time) const {
    constexpr double kHalf = 0.5;
    constexpr std::array<std::string_view, 8> kLatencies{
        "memory",           "softmax",       "bit_width_converter", "lane",
        "probability_unit", "matrix_engine", "vector_unit",         "value_unit"};
    const double latency =
        std::ranges::find(kLatencies, time.account) == kLatencies.end() ? 0.0 : kHalf;
    const double left = left_by_others(time.account);
    const auto saved = [&](std::int64_t part, double most) {
      return share_of(part, run_.cycles) * std::min(most, left);
    };
    const auto known = dealing_.savings.find(time.account);
    const double gain =
        std::max(saved(time.work, known == dealing_.savings.end() ? kHalf : known->second),
                 saved(time.latency, latency));
    return {time.account, share_of(time.cycles(), run_.cycles),
            std::min({gain, 1 - floor(time.account), above_operands(time.account)})};
  }
  [[nodiscard]] double busy(std::string_view kind) const {
    const auto found = busy_.find(kind);
    return found == busy_.end() ? 0.0 : found->second;
  }

 private:
  [[nodiscard]] bool is_array(std::string_view kind) const {
    const auto unit = std::ranges::find(run_.units, kind, &UnitReport::kind);
    return unit != run_.units.end() && unit->datapath;
  }
  /// What an array works and waits for operands, above what its operands take anyhow.
  [[nodiscard]] double above_operands(std::string_view kind) const {
    if (!dealing_.operand_share || !is_array(kind)) return 1;
    return std::max(0.0, std::max(busy(kind), busy("sram")) - *dealing_.operand_share);
  }
  /// How busy `other` would be with `kind` relieved: a larger array takes its operands in fewer
  /// passes.
  [[nodiscard]] double busy_beside(std::string_view other, std::string_view kind) const {
    if (other == "sram" && dealing_.operand_share && is_array(kind)) return *dealing_.operand_share;
    return busy(other);
  }
  [[nodiscard]] double floor(std::string_view kind) const {
    double most = 0;
    for (const auto& [other, share] : busy_)
      if (other != kind) most = std::max(most, busy_beside(other, kind));
    return most;
  }
  /// Others work beside a unit on the path, too; as much as they do on the whole of what is not
  /// theirs. In that time they take over at once.
  [[nodiscard]] double left_by_others(std::string_view kind) const {
    double least = 1;
    for (const CriticalTime& time : run_.critical_path) {
      if (time.account == kind) continue;
      const double own = share_of(time.work, run_.cycles);
      const double beside = std::max(0.0, busy_beside(time.account, kind) - own);
      if (own < 1) least = std::min(least, 1 - std::min(1.0, beside / (1 - own)));
    }
    return least;
  }

  const RunResult& run_;
  const Dealing& dealing_;
  std::map<std::string, double, std::less<>> busy_;
};

/// Rounds that the pieces take, with so many places at a time.
std::int64_t rounds(const Dealing& dealing, std::int64_t places) {
  std::int64_t sum = 0;
  for (const std::int64_t pieces : dealing.pieces) sum += ceil_div(pieces, places);
  return sum;
}

double saved(const Dealing& dealing, std::int64_t places) {
  return 1 - share_of(rounds(dealing, 2 * places), rounds(dealing, places));
}

/// Fewer rounds of slices shorten all but what the memory's bus works. With as many rounds, fewer
/// slices beside each other on a core wait less for its units, as far as those are busy.
Estimate estimate_of_cores(const RunResult& run, const Dealing& dealing, const Estimates& units) {
  double work = 0, latency = 0, memory = 0, busiest = 0;
  for (const CriticalTime& time : run.critical_path) {
    const bool own = time.account != "memory";
    (own ? work : memory) += share_of(time.work, run.cycles);
    latency += share_of(time.latency, run.cycles);
    if (own) busiest = std::max(busiest, units.busy(time.account));
  }
  const double bus = units.busy("memory");
  const double fewer_rounds = saved(dealing, dealing.cores * dealing.contexts);
  const double less_beside = std::max(0.0, saved(dealing, dealing.cores) - fewer_rounds);
  const double gain =
      (work + latency + memory * (1 - bus)) * fewer_rounds + work * busiest * less_beside;
  return {"core", work + latency, std::min(gain, 1 - bus)};
}

/// Twice the slices under way hide latencies: the busiest unit, busy for a share u of the time,
/// rests then as often as both halves do, which saves (1 - u) / (2 - u).
Estimate estimate_of_contexts(const RunResult& run, const Dealing& dealing) {
  double latency = 0, most = 0;
  for (const CriticalTime& time : run.critical_path) latency += share_of(time.latency, run.cycles);
  for (const auto& [kind, share] : busy_shares(run)) most = std::max(most, share);
  const double hidden = std::max(0.0, 1 - most) / (2 - most);
  return {"sequencer", latency, std::min(saved(dealing, dealing.contexts), hidden)};
}

/// Where no critical path is known.
Limiter busiest(const RunResult& run) {
  Limiter limiter;
  for (const auto& [kind, share] : busy_shares(run))
    if (share > limiter.share) limiter = {kind, share};
  return limiter;
}

}  // namespace

Limiter limiter_of(const RunResult& run, const Dealing& dealing) {
  const Estimates estimates(run, dealing);
  Estimate best;
  for (const CriticalTime& time : run.critical_path) {
    if (time.account == "sequencer") continue;
    Estimate unit = estimates.of(time);
    if (best.unit.empty() || unit.gain > best.gain) best = std::move(unit);
  }
  if (best.unit.empty()) return busiest(run);
  if (!dealing.pieces.empty()) {
    Estimate more = dealing.shares_units ? estimate_of_contexts(run, dealing)
                                         : estimate_of_cores(run, dealing, estimates);
    if (best.gain < kBeforeMore * more.gain) best = std::move(more);
  }
  return {best.unit, std::clamp(best.share, 0.0, 1.0)};
}

}  // namespace hdp
