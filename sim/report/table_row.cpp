// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/machine/performance.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {
namespace {

constexpr const char* kTableFormat = "table-2";

/// What a row has, in the order of the file, but for its step: the one list for both ways.
template <class Row, class Visit>
void each_value(Row& row, const Visit& visit) {
  visit("cycles", row.cycles);
  visit("time_ns", row.time_ns);
  visit("read_bytes", row.read_bytes);
  visit("written_bytes", row.written_bytes);
  visit("energy_pj", row.energy_pj);
  visit("multipliers", row.resources.multipliers);
  visit("sram_bytes", row.resources.sram_bytes);
  visit("peak_bytes_per_s", row.resources.peak_bytes_per_s);
  visit("clock_mhz", row.clock_mhz);
  visit("area_um2", row.area_um2);
  visit("utilisation", row.utilisation);
  visit("gop_per_s", row.gop_per_s);
  visit("dense_gop_per_s", row.dense_gop_per_s);
  visit("power_w", row.power_w);
  visit("energy_delay_js", row.energy_delay_js);
  visit("mac_utilisation", row.mac_utilisation);
  visit("ops_per_byte", row.ops_per_byte);
  visit("bandwidth_share", row.bandwidth_share);
  visit("relative_frobenius", row.relative_frobenius);
  visit("mass_kept", row.mass_kept);
  visit("limiter", row.limiter);
  visit("baseline", row.baseline);
  visit("baseline_cycles", row.baseline_cycles);
  visit("baseline_read_bytes", row.baseline_read_bytes);
  visit("speedup", row.speedup);
  visit("energy_ratio", row.energy_ratio);
  visit("remark", row.remark);
  visit("sources", row.sources);
}

/// Takes values out of a row's facts; remembers whether one was not what it must be.
class Reader {
 public:
  explicit Reader(const Facts& facts) : facts_(facts) {}

  void take(const char* name, std::string& to) { copy<std::string>(name, to); }
  void take(const char* name, std::int64_t& to) { copy<std::int64_t>(name, to); }
  void take(const char* name, Facts& to) { copy<Facts>(name, to); }
  void take(const char* name, double& to) {
    const Fact* const fact = facts_.find(name);
    const auto number = fact == nullptr ? std::nullopt : fact->number();
    good_ = good_ && number.has_value();
    to = number.value_or(0);
  }
  template <class T>
  void take(const char* name, std::optional<T>& to) {
    const Fact* const fact = facts_.find(name);
    if (fact != nullptr && fact->is_null()) return;
    T value{};
    take(name, value);
    to = value;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  template <class T>
  void copy(const char* name, T& to) {
    const Fact* const fact = facts_.find(name);
    const T* const value = fact == nullptr ? nullptr : fact->as<T>();
    good_ = good_ && value != nullptr;
    if (value != nullptr) to = *value;
  }

  const Facts& facts_;
  bool good_ = true;
};

std::optional<TableRow> row_in(const Facts& facts) {
  TableRow row;
  Reader from(facts);
  from.take("machine", row.machine);
  from.take("workload", row.workload);
  if (facts.find("step") != nullptr) from.take("step", row.step);
  each_value(row, [&](const char* name, auto& value) { from.take(name, value); });
  if (facts.find("config") != nullptr) {
    from.take("workload_facts", row.workload_facts);
    from.take("config_sha256", row.config_sha256);
    from.take("config", row.config);
  }
  if (!from.good()) return std::nullopt;
  return row;
}

}  // namespace

Facts row_facts(const TableRow& row) {
  Facts facts{{"machine", row.machine}, {"workload", row.workload}};
  if (!row.step.empty()) facts.set("step", row.step);
  each_value(row, [&](const char* name, const auto& value) { facts.set(name, value); });
  if (row.config.empty()) return facts;
  facts.set("workload_facts", row.workload_facts);
  facts.set("config_sha256", row.config_sha256);
  facts.set("config", row.config);
  return facts;
}

TableRow table_row(const Comparison& comparison) {
  const RunResult& run = comparison.run;
  TableRow row{.machine = run.machine.name,
               .workload = run.workload_name,
               .cycles = run.cycles,
               .time_ns = run.time_ns(),
               .read_bytes = run.memory.total_read_bytes(),
               .written_bytes = run.memory.total_written_bytes(),
               .energy_pj = run.total_pj(),
               .resources = run.machine.resources,
               .clock_mhz = run.machine.clock_mhz,
               .utilisation = run.utilisation(),
               .limiter = run.limiter.name,
               .sources = run.machine.sources};
  const Performance performance = performance_of(run);
  row.gop_per_s = performance.gop_per_s;
  row.dense_gop_per_s = performance.dense_gop_per_s;
  row.power_w = performance.power_w;
  row.energy_delay_js = performance.energy_delay_js;
  row.mac_utilisation = performance.mac_utilisation;
  row.ops_per_byte = performance.ops_per_byte;
  row.bandwidth_share = performance.bandwidth_share;
  if (run.area) row.area_um2 = run.area->total_um2();
  if (!run.layers.empty()) {
    row.relative_frobenius = run.fidelity.error.relative_frobenius();
    row.mass_kept = run.fidelity.mass_kept();
  }
  if (const auto& base = comparison.baseline) {
    row.baseline = comparison.baseline_name;
    row.baseline_cycles = base->cycles;
    row.baseline_read_bytes = base->memory.total_read_bytes();
    row.speedup = comparison.speedup();
    row.energy_ratio = comparison.energy_ratio();
  }
  return row;
}

void measure_against(const TableRow& base, const std::string& name, TableRow& row) {
  row.baseline = name;
  row.baseline_cycles = base.cycles;
  row.baseline_read_bytes = base.read_bytes;
  row.speedup = base.time_ns / row.time_ns;
  row.energy_ratio.reset();
  if (base.energy_pj && row.energy_pj) row.energy_ratio = *base.energy_pj / *row.energy_pj;
}

std::string table_json(std::span<const TableRow> rows, std::span<const HostTime> host) {
  Fact::List list, times;
  for (const TableRow& row : rows) list.emplace_back(row_facts(row));
  for (const HostTime& time : host)
    times.emplace_back(Facts{{"workload", time.workload},
                             {"measured", true},
                             {"time_ns", time.time_ns},
                             {"runs", time.runs},
                             {"relative_frobenius", time.relative_frobenius}});
  Facts table{{"format", kTableFormat},
              {"hdpsim", Facts{{"version", kVersion}}},
              {"rows", std::move(list)}};
  if (!host.empty()) table.set("host", std::move(times));
  return facts_text(table);
}

std::vector<TableRow> rows_of_table(const std::string& text, const std::string& origin) {
  const Fact parsed = parse_facts(text, origin);
  const auto* const table = parsed.as<Facts>();
  const Fact* const format = table == nullptr ? nullptr : table->find("format");
  if (format == nullptr || *format != Fact(kTableFormat))
    refuse(origin, "is no table", fmt::format("one of format {}", kTableFormat));
  const Fact* const list = table->find("rows");
  const auto* const facts = list == nullptr ? nullptr : list->as<Fact::List>();
  if (facts == nullptr) refuse(origin + ": rows", "is missing, or no list");
  std::vector<TableRow> rows;
  for (const Fact& one : *facts) {
    const auto* const group = one.as<Facts>();
    std::optional<TableRow> row = group == nullptr ? std::nullopt : row_in(*group);
    if (!row)
      refuse(fmt::format("{}: rows[{}]", origin, rows.size()), "is no row of a table",
             "all that hdpsim compare writes of one");
    rows.push_back(std::move(*row));
  }
  return rows;
}

std::string row_text(const TableRow& row, const RowOrigin& origin) {
  const Facts facts = row_facts(row);
  return facts_text(Facts{{"format", "table-row-5"},
                          {"key", origin.key},
                          {"build", origin.build},
                          {"digest", sha256_hex(facts_text(facts))},
                          {"row", facts}});
}

std::optional<TableRow> row_of(const std::string& text, const RowOrigin& origin) {
  try {
    const Fact parsed = parse_facts(text, {});
    const auto* const file = parsed.as<Facts>();
    const Fact* const found = file == nullptr ? nullptr : file->find("row");
    const auto* const facts = found == nullptr ? nullptr : found->as<Facts>();
    std::optional<TableRow> row = facts == nullptr ? std::nullopt : row_in(*facts);
    // Whoever changed a number did not change the digest: written again, the file is another one.
    if (!row || row_text(*row, origin) != text) return std::nullopt;
    return row;
  } catch (const UserError&) {
    return std::nullopt;  // made by hand, or cut off: it is made again
  }
}

}  // namespace hdp
