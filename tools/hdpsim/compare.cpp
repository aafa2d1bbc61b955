// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "table_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/study/resolve_machines.hpp>

namespace hdp {
namespace {

struct CompareCommand : TableCommand {
  std::vector<std::string> machines;
  std::string baseline = Baseline::kSame;
};

void compare_command(const CompareCommand& command) {
  if (are_reports(command.machines)) {
    if (!command.workloads.empty() || !command.changes.empty())
      refuse(command.machines.front(), "is a finished report: it is shown as it is",
             "no --workload, no --set");
    show_table(command, [&](const TableOptions&) { return compare_reports(command.machines); });
    return;
  }
  const Catalog catalog = configurations();
  const Machines machines = resolve_machines(catalog, command.machines, command.changes);
  const Baseline baseline = resolve_baseline(catalog, command.baseline);
  const std::vector<Workload> workloads = workloads_of(command, catalog);
  show_table(command, [&](const TableOptions& options) {
    return compare(machines, workloads, baseline, options);
  });
}

}  // namespace

void add_compare(CLI::App& app) {
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
  add_table_options(*compare_app, *command,
                    "Change a setting of every machine that has it, or of one (NAME:path=value)");
  compare_app->callback([command] { compare_command(*command); });
}

}  // namespace hdp
