// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "command.hpp"
#include "inputs.hpp"
#include "table_command.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/version.hpp>
#include <hdp/machine/resolve.hpp>
#include <hdp/machine/spatten_ablation.hpp>
#include <hdp/report/spatten_report.hpp>

namespace hdp {
namespace {

struct AblateCommand : TableCommand {
  std::string machine;
};

TableJob job_of(const AblationStep& step, const std::shared_ptr<const Trace>& trace) {
  const auto play = [=](const TableProgress& progress) {
    SpattenOptions options;
    options.observer = progress;
    SpattenComparison comparison{.run = run_spatten(step.config, *trace, options)};
    comparison.baseline = comparison.run;  // until the dense run is there
    return table_row(comparison, trace->name(), step.label);
  };
  return {trace->name(), step.label,
          sha256_hex(std::string(kVersion) + trace->sha256() + trace->name() + step.label +
                     machine_text(step.config)),
          play};
}

void ablate(const AblateCommand& command) {
  const Catalog catalog = configurations();
  if (const std::string kind = machine_kind(catalog, command.machine);
      kind != name_of(SpattenKind::Spatten))
    throw UserError({.path = command.machine,
                     .problem = fmt::format("a machine of kind {}", kind),
                     .allowed = "a machine of kind spatten"});
  const std::vector<AblationStep> steps =
      ablation_steps(resolve_spatten(catalog, command.machine, command.changes));
  std::vector<TableJob> jobs;
  for (const std::string& workload : command.workloads) {
    const auto trace = std::make_shared<const Trace>(resolve_workload(catalog, workload));
    for (const AblationStep& step : steps) jobs.push_back(job_of(step, trace));
  }
  std::vector<TableRow> rows = play_table(command, jobs);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].base = rows[i - i % steps.size()].run;  // dense, on the same workload
  show_table(command, rows);
}

}  // namespace

void add_ablate(CLI::App& app) {
  auto command = std::make_shared<AblateCommand>();
  CLI::App* ablate_app = app.add_subcommand(
      "ablate", "A table of what each feature of SpAtten brings, step by step from dense");
  ablate_app->add_option("MACHINE", command->machine, "Machine: spatten, spatten_eighth or a file")
      ->required();
  ablate_app
      ->add_option("-w,--workload", command->workloads,
                   "Trace (.safetensors) or synthetic workload (.json), repeatable")
      ->required();
  add_table_options(*ablate_app, *command);
  ablate_app->callback([command] { ablate(*command); });
}

}  // namespace hdp
