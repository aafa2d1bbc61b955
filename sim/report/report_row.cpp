// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <hdp/base/error.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {
namespace {

/// Takes values out of a report by dotted path. A value that is missing or is none of its kind is
/// the user's mistake; where it may be null, it may be missing too.
class ReportReader {
 public:
  ReportReader(const Fact& report, const std::string& origin) : report_(report), origin_(origin) {}

  [[nodiscard]] std::string text(std::string_view path) const {
    return one_line(need<std::string>(path));
  }
  [[nodiscard]] std::int64_t integer(std::string_view path) const {
    return need<std::int64_t>(path);
  }
  [[nodiscard]] double number(std::string_view path) const {
    const auto value = number_or_nothing(path);
    if (!value) refuse_value(path);
    return *value;
  }
  [[nodiscard]] std::optional<double> number_or_nothing(std::string_view path) const {
    const Fact* const fact = find_at(report_, path);
    if (fact == nullptr || fact->is_null()) return std::nullopt;
    const auto value = fact->number();
    if (!value) refuse_value(path);
    return value;
  }
  [[nodiscard]] const Facts& group(std::string_view path) const { return need<Facts>(path); }
  /// Of a group of integers.
  [[nodiscard]] std::int64_t sum(std::string_view path) const {
    std::int64_t total = 0;
    for (const NamedFact& part : need<Facts>(path)) {
      const auto* const value = part.value.as<std::int64_t>();
      if (value == nullptr || *value < 0 || __builtin_add_overflow(total, *value, &total))
        refuse_value(path);
    }
    return total;
  }
  [[nodiscard]] bool has(std::string_view path) const {
    const Fact* const fact = find_at(report_, path);
    return fact != nullptr && !fact->is_null();
  }

 private:
  template <class T>
  const T& need(std::string_view path) const {
    const Fact* const fact = find_at(report_, path);
    const T* const value = fact == nullptr ? nullptr : fact->as<T>();
    if (value == nullptr) refuse_value(path);
    return *value;
  }
  [[noreturn]] void refuse_value(std::string_view path) const {
    refuse(origin_ + ": " + std::string(path), "is missing, or none that a report has",
           "a report of format report-1");
  }

  const Fact& report_;
  const std::string& origin_;
};

}  // namespace

TableRow row_of_report(const std::string& text, const std::string& origin) {
  return row_of_report(parse_facts(text, origin), origin);
}

TableRow row_of_report(const Fact& report, const std::string& origin) {
  if (report.as<Facts>() == nullptr) refuse(origin, "is no report", "a report of format report-1");
  const ReportReader from(report, origin);
  if (from.text("format") != "report-1")
    refuse(origin + ": format", from.text("format"), "report-1");
  TableRow row{.machine = from.text("machine"),
               .workload = from.text("workload.name"),
               .cycles = from.integer("cycles"),
               .time_ns = from.number("time_ns"),
               .read_bytes = from.sum("memory.read_bytes"),
               .written_bytes = from.sum("memory.written_bytes"),
               .energy_pj = from.number_or_nothing("energy_pj.total"),
               .resources = {.multipliers = from.integer("resources.multipliers"),
                             .sram_bytes = from.integer("resources.sram_bytes"),
                             .peak_bytes_per_s = from.number("resources.peak_bytes_per_s")},
               .clock_mhz = from.integer("clock_mhz"),
               .area_um2 = from.number_or_nothing("area_um2.total"),
               .utilisation = from.number("utilisation"),
               .gop_per_s = from.number_or_nothing("performance.gop_per_s"),
               .dense_gop_per_s = from.number_or_nothing("performance.dense_gop_per_s"),
               .power_w = from.number_or_nothing("performance.power_w"),
               .energy_delay_js = from.number_or_nothing("performance.energy_delay_js"),
               .mac_utilisation = from.number_or_nothing("performance.mac_utilisation"),
               .ops_per_byte = from.number_or_nothing("performance.ops_per_byte"),
               .bandwidth_share = from.number_or_nothing("performance.bandwidth_share"),
               .relative_frobenius = from.number_or_nothing("error.total.relative_frobenius"),
               .mass_kept = from.number_or_nothing("error.total.mass_kept"),
               .limiter = from.text("limiter.name")};
  if (from.has("sources")) row.sources = from.text("sources");  // earlier versions have none
  if (from.has("config")) {
    row.config = from.group("config");
    row.config_sha256 = from.text("config_sha256");
    row.workload_facts = from.group("workload");
  }
  if (!from.has("baseline")) return row;
  row.baseline = from.text("baseline.machine");
  row.baseline_cycles = from.integer("baseline.cycles");
  row.baseline_read_bytes = from.integer("baseline.read_bytes");
  row.speedup = from.number("baseline.speedup");
  row.energy_ratio = from.number_or_nothing("baseline.energy_ratio");
  return row;
}

}  // namespace hdp
