// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "table_command.hpp"
#include <hdp/study/compare.hpp>

namespace hdp {
namespace {

struct AblateCommand : TableCommand {
  std::string machine;
};

void ablate_command(const AblateCommand& command, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  const std::unique_ptr<Machine> machine =
      resolve_machine(catalog, command.machine, command.changes);
  const std::vector<Workload> workloads = workloads_of(command, catalog);
  log_time(console.log, "read", reading);
  show_table(command, console, [&](const TableOptions& options) -> Table {
    return {ablate(*machine, workloads, options)};
  });
}

}  // namespace

void add_ablate(CLI::App& app, Console& console) {
  auto command = std::make_shared<AblateCommand>();
  CLI::App* ablate_app = app.add_subcommand(
      "ablate", "A table of what each feature of a machine brings, step by step from dense");
  ablate_app
      ->add_option("MACHINE", command->machine,
                   "Machine: a name (see hdpsim list machines) or a .json file")
      ->required();
  add_table_options(*ablate_app, *command, "Change a setting of the machine");
  ablate_app->callback([command, &console] { ablate_command(*command, console); });
}

}  // namespace hdp
