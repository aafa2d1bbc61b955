// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "table_command.hpp"
#include <hdp/study/resolve_machines.hpp>

namespace hdp {
namespace {

struct CompareCommand : TableCommand {
  std::vector<std::string> machines;
  std::string baseline = Baseline::kSame;
};

void compare_command(const CompareCommand& command, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  const Machines machines = resolve_machines(catalog, command.machines, command.changes);
  const Baseline baseline = resolve_baseline(catalog, command.baseline);
  const std::vector<Workload> workloads = workloads_of(command, catalog);
  log_time(console.log, "read", reading);
  show_table(command, console, [&](const TableOptions& options) {
    return compare(machines, workloads, baseline, options);
  });
}

}  // namespace

void add_compare(CLI::App& app, Console& console) {
  auto command = std::make_shared<CompareCommand>();
  CLI::App* compare_app =
      app.add_subcommand("compare", "A table of machines on workloads, each beside a baseline");
  compare_app
      ->add_option("MACHINE", command->machines,
                   "Machines: names (see hdpsim list machines) or .json files")
      ->required();
  compare_app
      ->add_option("--baseline", command->baseline,
                   "What ratios are over: same (each machine without pruning), a machine, none")
      ->capture_default_str();
  add_table_options(*compare_app, *command,
                    "Change a setting of every machine that has it, or of one (NAME:path=value)");
  compare_app->callback([command, &console] { compare_command(*command, console); });
}

}  // namespace hdp
