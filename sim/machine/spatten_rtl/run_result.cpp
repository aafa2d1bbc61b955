// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten_rtl/run_result.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <hdp/machine/provenance.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kAccessBytes = 32;
constexpr std::int64_t kCyclesPerAccess = 2;  // a channel gives two every four cycles
constexpr std::int64_t kTopKSeed = 1;         // of java.util.Random in the authors' bench
constexpr std::int64_t kElementBits = 12;     // of the buffers; lines are read whole

UnitReport array_report(std::string instance, std::int64_t passes, std::int64_t lines,
                        std::int64_t cycles) {
  const UnitKind& kind = multiplier_array_kind();
  return {.instance = std::move(instance),
          .kind = std::string(kind.name),
          .datapath = kind.datapath,
          .total = cycles,
          .idle = cycles - lines,
          .busy = lines,
          .counters = counters_of(kind, std::array{passes})};
}

/// What works nearest to its limit: an array takes a line a cycle, and the top-k engine one row
/// after another.
Limiter limiter_of(const SpattenRtlResult& run) {
  const auto share = [&](std::int64_t busy, std::int64_t width) {
    return std::min(1.0, static_cast<double>(busy) / static_cast<double>(run.cycles.index * width));
  };
  std::int64_t ranking = 0;
  for (const SpattenRtlRow& row : run.rows) ranking += row.top_k_latency;
  const std::array<Limiter, 3> limits{
      {{"memory", share(run.dram_reads * kCyclesPerAccess, run.config.channels())},
       {std::string(multiplier_array_kind().name), share(std::max(run.qk_lines, run.pv_lines), 1)},
       {"top_k_engine", share(ranking, 1)}}};
  return *std::ranges::max_element(limits, {}, &Limiter::share);
}

std::int64_t requantised(const SpattenRtlResult& run) {
  return std::ranges::count_if(run.rows, &SpattenRtlRow::requantised);
}

MemoryUse memory_of(const SpattenRtlResult& run, std::span<const SpattenRow> rows) {
  MemoryUse use;
  use.model = "HBM2 of the authors' bench, 16 B a cycle and channel, no refresh";
  const std::int64_t read = run.dram_reads * kAccessBytes;
  use.counters = {
      {"channels", run.config.channels()}, {"reads", run.dram_reads}, {"moved_bytes", read}};
  if (const auto traffic = rtl_traffic(rows, run.config.fetch_padding)) {
    std::int64_t lsb = 0;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (run.rows[i].requantised) lsb += lsb_bytes_of(rows[i], run.config.fetch_padding);
    use.read_bytes = {
        {"k", traffic->key_bytes}, {"k_lsb", lsb}, {"v", read - traffic->key_bytes - lsb}};
  } else {
    use.read_bytes = {{"all", read}};
  }
  return use;
}

/// Products with the vectors that rows ask for, padding left out.
Facts macs_of(const SpattenRtlResult& run, std::span<const SpattenRow> rows) {
  std::int64_t score = 0, second = 0, value = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    score += rows[i].key_fetch * rows[i].head_size;
    value += rows[i].value_fetch * rows[i].head_size;
    if (run.rows[i].requantised) second += rows[i].key_fetch * rows[i].head_size;
  }
  return {{"score", score}, {"second_pass", second}, {"value", value}};
}

Fact fact_of(std::optional<Cycle> cycle) { return cycle ? Fact(cycle->index) : Fact(); }

std::vector<Facts> row_facts(const SpattenRtlResult& run) {
  std::vector<Facts> rows;
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    const SpattenRtlRow& row = run.rows[i];
    rows.push_back({{"row", i},
                    {"top_k_latency", row.top_k_latency},
                    {"requantised", row.requantised},
                    {"first_pass_last_score_cycle", fact_of(row.first_pass)},
                    {"second_pass_last_score_cycle", fact_of(row.second_pass)},
                    {"response_cycle", row.response.index}});
  }
  return rows;
}

}  // namespace

Resources resources_of(const SpattenRtlConfig& config) {
  return {.multipliers = 2 * config.multipliers,
          .sram_bytes = 2 * config.buffer_lines * config.multipliers * kElementBits / 8,
          .peak_bytes_per_s = static_cast<double>(config.channels() * kAccessBytes) /
                              static_cast<double>(kCyclesPerAccess) *
                              static_cast<double>(kRtlClockMhz) * 1e6};
}

std::vector<const UnitKind*> rtl_units() { return {&multiplier_array_kind()}; }

RunResult run_result(const SpattenRtlResult& run, std::span<const SpattenRow> rows) {
  RunResult result;
  Facts provenance = provenance_of(run.config);
  provenance.set("cycle_model", "measured on the authors' RTL");
  result.machine.seed = kTopKSeed;
  result.machine.provenance = std::move(provenance);
  result.machine.sources =
      "the rules of the machine are read in the RTL of SpAtten's authors, and its cycles are equal "
      "to those measured on it (docs/spatten_rtl.md).";
  result.cycles = run.cycles.index;
  result.units = {array_report("qk", run.qk_passes, run.qk_lines, result.cycles),
                  array_report("pv", run.pv_passes, run.pv_lines, result.cycles)};
  result.memory = memory_of(run, rows);
  result.macs = macs_of(run, rows);
  result.decisions = {{"requantised_rows", requantised(run)}};
  result.limiter = limiter_of(run);
  result.remarks = {
      "The RTL computes on random data: which rows re-quantise is given (requantise), and how long "
      "a top-k takes is drawn."};
  const std::int64_t bytes = run.dram_reads * kAccessBytes;
  result.lines = {
      {"rows", fmt::format("{}, of which {} re-quantised", run.rows.size(), requantised(run))},
      {"DRAM",
       fmt::format("{} reads of {} B, {:.2f} B a cycle of {} on {} channels", run.dram_reads,
                   kAccessBytes, static_cast<double>(bytes) / static_cast<double>(result.cycles),
                   run.config.channels() * kAccessBytes / kCyclesPerAccess,
                   run.config.channels())}};
  result.rows = row_facts(run);
  return result;
}

}  // namespace hdp
