// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/json_text.hpp"
#include "report/report_parts.hpp"
#include <hdp/config/section.hpp>
#include <hdp/config/write.hpp>
#include <hdp/report/spatten_rtl_report.hpp>
#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kClockMhz = 1000, kAccessBytes = 32;
constexpr std::int64_t kCyclesPerAccess = 2;  // a channel gives two every four cycles

double time_ns(const SpattenRtlResult& run) {
  return static_cast<double>(run.cycles.index) * 1000.0 / static_cast<double>(kClockMhz);
}

std::vector<UnitReport> units_of(const SpattenRtlResult& run) {
  const std::int64_t total = run.cycles.index;
  const auto array = [&](std::string name, std::int64_t lines) {
    return UnitReport{std::move(name), "multiplier_array", total, total - lines, lines, {}, {}};
  };
  return {array("qk", run.qk_lines), array("pv", run.pv_lines)};
}

struct Utilisation {
  double share = 0;
  std::string_view name;
};

/// What works nearest to its limit: an array takes a line a cycle.
Utilisation limiter_of(const SpattenRtlResult& run) {
  const auto share = [&](std::int64_t busy, std::int64_t width) {
    return static_cast<double>(busy) / static_cast<double>(run.cycles.index * width);
  };
  return std::max(
      {Utilisation{share(run.dram_reads * kCyclesPerAccess, run.channels()), "memory"},
       Utilisation{share(run.qk_lines, 1), "qk"}, Utilisation{share(run.pv_lines, 1), "pv"}},
      [](const Utilisation& a, const Utilisation& b) { return a.share < b.share; });
}

std::int64_t requantised(const SpattenRtlResult& run) {
  return std::ranges::count_if(run.rows, &SpattenRtlRow::requantised);
}

Json workload_json(const SpattenWorkload& workload, std::span<const SpattenRow> rows) {
  const SpattenSummary summary = summarise({.name = {},
                                            .sha256 = {},
                                            .format = workload.format,
                                            .rows = {rows.begin(), rows.end()},
                                            .trailer = {}});
  return {{"name", workload.name},
          {"sha256", workload.sha256},
          {"stage", "decode"},
          {"rows", rows.size()},
          {"iterations", summary.iterations},
          {"layers", summary.layers.size()},
          {"heads", summary.all.heads}};
}

Json memory_json(const SpattenRtlResult& run, std::span<const SpattenRow> rows) {
  const std::int64_t read = run.dram_reads * kAccessBytes;
  Json tensors = {{"all", read}};
  if (const auto traffic = rtl_traffic(rows, run.config.fetch_padding)) {
    const std::int64_t lsb = read - traffic->key_bytes - traffic->value_bytes;
    tensors = {{"k", traffic->key_bytes}, {"k_lsb", lsb}, {"v", traffic->value_bytes}};
  }
  return {{"model", "HBM2 of the authors' bench, 16 B a cycle and channel, no refresh"},
          {"channels", run.channels()},
          {"reads", run.dram_reads},
          {"read_bytes", std::move(tensors)},
          {"written_bytes", Json::object()}};
}

Json rows_json(const SpattenRtlResult& run) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    const SpattenRtlRow& row = run.rows[i];
    rows.push_back({{"row", i},
                    {"top_k_latency", row.top_k_latency},
                    {"requantised", row.requantised},
                    {"first_pass_last_score_cycle", row.first_pass.index},
                    {"second_pass_last_score_cycle",
                     row.second_pass ? Json(row.second_pass->index) : Json(nullptr)},
                    {"response_cycle", row.response.index}});
  }
  return rows;
}

}  // namespace

TableRow table_row(const SpattenRtlComparison& comparison, std::string workload,
                   std::string label) {
  const auto measure = [](const SpattenRtlResult& run) {
    return RunMeasure{run.cycles.index, run.dram_reads * kAccessBytes, time_ns(run)};
  };
  return {std::move(workload), std::move(label), measure(comparison.run),
          measure(comparison.baseline.value()), std::string(limiter_of(comparison.run).name)};
}

std::string machine_text(const SpattenRtlConfig& config) {
  SpattenRtlConfig copy = config;
  return write_settings(bind(copy));
}

std::string report_json(const SpattenRtlComparison& comparison, const SpattenWorkload& workload,
                        std::span<const SpattenRow> rows, bool detail) {
  const SpattenRtlResult& run = comparison.run;
  const std::string config = machine_text(run.config);
  Json json = head_json({.machine = run.config.name,
                         .config = config,
                         .seed = 1,
                         .cycles = run.cycles.index,
                         .clock_mhz = kClockMhz,
                         .time_ns = time_ns(run)},
                        workload_json(workload, rows));
  json["baseline"] = nullptr;
  if (const auto& base = comparison.baseline) {
    json["baseline"] = {{"machine", comparison.baseline_name},
                        {"cycles", base->cycles.index},
                        {"time_ns", time_ns(*base)},
                        {"speedup", time_ns(*base) / time_ns(run)},
                        {"dram_reads", base->dram_reads}};
  }
  const Utilisation limiter = limiter_of(run);
  json["limiter"] = {{"name", limiter.name}, {"share", limiter.share}};
  json["units"] = units_json(units_of(run));
  json["memory"] = memory_json(run, rows);
  json["decisions"] = {{"requantised_rows", requantised(run)}};
  if (detail) json["rows"] = rows_json(run);
  SpattenRtlConfig of_run = run.config, defaults;
  json["provenance"] = settings_provenance_json(bind(of_run), bind(defaults));
  json["provenance"]["cycle_model"] = "measured on the authors' RTL";
  json["config"] = Json::parse(config);
  return json_text(json);
}

std::string report_text(const SpattenRtlComparison& comparison, const SpattenWorkload& workload) {
  const SpattenRtlResult& run = comparison.run;
  const Utilisation limiter = limiter_of(run);
  std::string text = fmt::format(
      "{} on {}: {} rows, {} re-quantised\n"
      "  {} cycles, {:.1f} us at {} MHz\n"
      "  {} DRAM reads, {} bytes, {:.2f} B a cycle of {} on {} channels\n"
      "  QK busy {:.1f} %, PV busy {:.1f} % of the cycles; nearest to its limit: {} ({:.1f} %)\n",
      run.config.name, workload.name, run.rows.size(), requantised(run), run.cycles.index,
      time_ns(run) / 1000.0, kClockMhz, run.dram_reads, run.dram_reads * kAccessBytes,
      static_cast<double>(run.dram_reads * kAccessBytes) / static_cast<double>(run.cycles.index),
      run.channels() * kAccessBytes / kCyclesPerAccess, run.channels(),
      100.0 * static_cast<double>(run.qk_lines) / static_cast<double>(run.cycles.index),
      100.0 * static_cast<double>(run.pv_lines) / static_cast<double>(run.cycles.index),
      limiter.name, 100.0 * limiter.share);
  if (const auto& base = comparison.baseline) {
    text += fmt::format(
        "  baseline {}: {} cycles, {} DRAM reads; speedup {:.2f}, reads {:.2f} x fewer\n",
        comparison.baseline_name, base->cycles.index, base->dram_reads,
        time_ns(*base) / time_ns(run),
        static_cast<double>(base->dram_reads) / static_cast<double>(run.dram_reads));
  }
  return text;
}

}  // namespace hdp
