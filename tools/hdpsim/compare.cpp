// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "table_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/study/host.hpp>
#include <hdp/study/resolve_machines.hpp>

namespace hdp {
namespace {

struct CompareCommand : TableCommand {
  std::vector<std::string> machines;
  std::string baseline = Baseline::kSame;
  std::vector<std::string> equal, at;
  bool host = false;
};

std::vector<Resource> equal_of(const CompareCommand& command) {
  constexpr auto& kNames = EnumNames<Resource>::kNames;
  std::vector<Resource> resources;
  for (const std::string& name : command.equal)
    resources.push_back(static_cast<Resource>(std::ranges::find(kNames, name) - kNames.begin()));
  return resources;
}

void compare_command(const CompareCommand& command, Console& console) {
  const Stopwatch reading;
  if (are_reports(command.machines)) {
    if (!command.workloads.empty() || !command.changes.empty() || command.host ||
        !command.at.empty())
      refuse(command.machines.front(), "is a finished report: it is shown as it is",
             "no --workload, no --set, no --at, no --host");
    show_table(command, console,
               [&](const TableOptions&) -> Table { return {compare_reports(command.machines)}; });
    return;
  }
  const std::vector<Target> at = read_targets(command.at);
  const Catalog catalog = configurations(console.log);
  const Machines machines =
      with_equal(resolve_machines(catalog, command.machines, command.changes), equal_of(command));
  const Baseline baseline = resolve_baseline(catalog, command.baseline);
  const std::vector<Workload> workloads = workloads_of(command, catalog);
  log_time(console.log, "read", reading);
  if (command.host) refuse_without_values(workloads);
  show_table(command, console, [&](const TableOptions& options) {
    Table table{compare(machines, workloads, baseline, options, at)};
    // Behind the rows: nothing else runs beside it.
    if (command.host)
      for (const Workload& workload : workloads) table.host.push_back(time_on_host(workload));
    return table;
  });
}

}  // namespace

void add_compare(CLI::App& app, Console& console) {
  auto command = std::make_shared<CompareCommand>();
  CLI::App* compare_app =
      app.add_subcommand("compare", "A table of machines on workloads, each beside a baseline");
  compare_app
      ->add_option("MACHINE", command->machines,
                   "Machines: names (see hdpsim list machines) or .json files; or reports "
                   "(report.json of run --out) to put side by side")
      ->required();
  compare_app
      ->add_option("--baseline", command->baseline,
                   "What ratios are over: same (each machine without pruning), a machine, none")
      ->capture_default_str();
  compare_app
      ->add_option("--equal", command->equal,
                   "Give every machine as much of it as the first has, as near as it can be built: "
                   "multipliers, bandwidth, clock (repeatable); the table says what was reached")
      ->allow_extra_args(false)
      ->check(CLI::IsMember(std::vector<std::string>(EnumNames<Resource>::kNames.begin(),
                                                     EnumNames<Resource>::kNames.end())));
  compare_app
      ->add_option("--at", command->at,
                   "Calibrate every machine to it first, on each workload, as hdpsim calibrate "
                   "does: KEY=VALUE, such as mass_kept=0.95 (repeatable); the rows say what was "
                   "set")
      ->allow_extra_args(false);
  compare_app->add_flag("--host", command->host,
                        "Also measure what this computer takes for the dense attention, in float "
                        "with Eigen on one thread");
  add_table_options(*compare_app, *command,
                    "Change a setting of every machine that has it, or of one (NAME:path=value)");
  compare_app->callback([command, &console] { compare_command(*command, console); });
}

}  // namespace hdp
