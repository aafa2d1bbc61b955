// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <functional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/machine/read_machine.hpp>
#include <hdp/study/list.hpp>
#include <hdp/study/sweep/points.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

std::string machine_line(const Catalog& catalog, const std::string& name, Kinds kinds) {
  const auto machine = resolve_machine(catalog, name, {}, kinds);
  const Resources has = machine->resources();
  return fmt::format("{:<12} {:>5} multipliers, {:>7.1f} KiB SRAM, {:>5.1f} GB/s, {} MHz: {}",
                     machine->kind().name(), has.multipliers,
                     static_cast<double>(has.sram_bytes) / 1024, has.peak_bytes_per_s * 1e-9,
                     machine->clock_mhz(), machine->kind().title());
}

std::string memory_line(const Catalog& catalog, const std::string& name) {
  const DramConfig memory = read_memory(catalog, name);
  return fmt::format("{:<8} {:>6.1f} GB/s, {} channels, {}", memory.standard, peak_gb_per_s(memory),
                     memory.organisation.channels, name_of(memory.controller));
}

std::string energy_line(const Catalog& catalog, const std::string& name) {
  const EnergyTable table = read_energy_table(catalog, name);
  std::vector<std::string> technologies;
  for (const Technology& technology : table.technologies)
    technologies.push_back(fmt::format("{} {}", technology.node_nm, name_of(technology.cell_type)));
  return fmt::format("{}; nm and cell type: {} (default {} {})", table.source,
                     fmt::join(technologies, ", "), table.node_nm, name_of(table.cell_type));
}

std::string sweep_line(const Catalog& catalog, const std::string& name) {
  const std::filesystem::path path = catalog.find("sweeps", name);
  const SweepFile sweep = read_sweep(read_text(path), path);
  std::vector<std::string> paths;
  for (const SweepAxis& axis : sweep.axes)
    for (const SweepAxis::Setting& setting : axis.settings) paths.push_back(setting.path);
  return fmt::format("{} points: {} on {} over {}", SweepPoints(sweep).count(),
                     fmt::join(sweep.machines, ", "), fmt::join(sweep.workloads, ", "),
                     fmt::join(paths, ", "));
}

using Line = std::function<std::string(const Catalog&, const std::string&, Kinds)>;

const std::array<std::pair<std::string_view, Line>, 5>& folders() {
  static const std::array<std::pair<std::string_view, Line>, 5> all{
      {{"machines", machine_line},
       {"workloads", [](const Catalog& catalog, const std::string& name,
                        Kinds) { return describe_workload(catalog, name); }},
       {"memories", [](const Catalog& catalog, const std::string& name,
                       Kinds) { return memory_line(catalog, name); }},
       {"energy", [](const Catalog& catalog, const std::string& name,
                     Kinds) { return energy_line(catalog, name); }},
       {"sweeps", [](const Catalog& catalog, const std::string& name, Kinds) {
          return sweep_line(catalog, name);
        }}}};
  return all;
}

}  // namespace

std::vector<std::string> list_names() {
  std::vector<std::string> names;
  for (const auto& [name, line] : folders()) names.emplace_back(name);
  return names;
}

std::vector<ListLine> list(const Catalog& catalog, const std::string& folder, Kinds kinds) {
  for (const auto& [known, line_of] : folders()) {
    if (known != folder) continue;
    std::vector<ListLine> lines;
    for (const std::string& name : catalog.names(folder)) {
      ListLine& line = lines.emplace_back(ListLine{name, {}});
      try {
        line.text = line_of(catalog, name, kinds);
      } catch (const UserError& mistake) {
        line.text = mistake.what();
        catalog.log().warning([&] { return line.text; });
      }
    }
    return lines;
  }
  const std::vector<std::string> known = list_names();
  refuse(folder, "no such list", fmt::format("{}", fmt::join(known, ", ")),
         nearest_name(folder, std::vector<std::string_view>(known.begin(), known.end())));
}

std::vector<const UnitKind*> units_of(Kinds kinds) {
  std::vector<const UnitKind*> units;
  for (const MachineKind* kind : kinds)
    for (const UnitKind* unit : kind->units()) units.push_back(unit);
  return units;
}

}  // namespace hdp
