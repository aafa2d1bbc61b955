// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "command.hpp"
#include "options.hpp"
#include "results.hpp"
#include <hdp/machine/kind.hpp>
#include <hdp/study/calibrate.hpp>

namespace hdp {
namespace {

struct CalibrateCommand {
  std::string machine, out;
  std::vector<std::string> workloads, targets, changes;
  bool by_layer = false, json = false;
  unsigned threads = all_threads();
};

/// All workloads are known to be good before anything is played.
std::vector<Workload> workloads_of(const CalibrateCommand& command, const Catalog& catalog,
                                   const Machine& machine) {
  std::vector<Workload> workloads;
  for (const std::string& name : command.workloads) {
    workloads.push_back(resolve_workload(catalog, name));
    refuse_what_it_cannot(machine, workloads.back(), {});
    refuse_rows(workloads.back());
  }
  const Machine* const machines[]{&machine};
  refuse_ignored_changes(machines, std::span(workloads).first(1));
  return workloads;
}

void calibrate_command(const CalibrateCommand& command, Console& console) {
  const Stopwatch reading;
  const std::vector<Target> targets = read_targets(command.targets);
  const Catalog catalog = configurations(console.log);
  const std::unique_ptr<Machine> machine =
      resolve_machine(catalog, command.machine, command.changes);
  const std::vector<Workload> workloads = workloads_of(command, catalog, *machine);
  log_time(console.log, "read", reading);
  Results results;
  results.add_file(command.out);
  results.claim();

  const CalibrateOptions options{.by_layer = command.by_layer,
                                 .threads = command.threads,
                                 .observer =
                                     [&](std::int64_t plays, std::int64_t expected) {
                                       console.progress.show(plays, std::max(plays, expected),
                                                             machine->name());
                                     },
                                 .log = console.log};
  Calibrated calibrated = calibrate(*machine, workloads.front(), targets, options);
  for (std::size_t i = 1; i < workloads.size(); ++i) hold_on(workloads[i], options, calibrated);
  const Calibration& found = calibrated.calibration;
  const std::string text = calibrated.machine->text();
  if (found.met()) {
    if (!command.out.empty()) results.put(command.out, text);
    results.publish();
  }
  console.progress.clear();
  fmt::print("{}", command.json ? calibration_json(found) : calibration_text(found));
  console.differs = !found.met();
}

}  // namespace

void add_calibrate(CLI::App& app, Console& console) {
  auto command = std::make_shared<CalibrateCommand>();
  CLI::App* calibrate_app = app.add_subcommand(
      "calibrate", "Turn what decides how much a machine prunes until its run meets targets");
  calibrate_app
      ->add_option("MACHINE", command->machine,
                   "Machine: a name (see hdpsim list machines) or a .json file")
      ->required();
  calibrate_app
      ->add_option("-w,--workload", command->workloads,
                   "Trace or encoder (.safetensors), synthetic workload or batch (.json): a name "
                   "or a file. The first is calibrated on; of others (repeatable) it is said what "
                   "the result gives there")
      ->required()
      ->allow_extra_args(false);
  calibrate_app
      ->add_option("--target", command->targets,
                   "What is to be reached (repeatable): KEY=VALUE, with block_sparsity, "
                   "head_sparsity, net_sparsity, prune_ratio, mass_kept or relative_frobenius")
      ->required()
      ->allow_extra_args(false);
  calibrate_app->add_flag("--per-layer", command->by_layer,
                          "A value of the knob a layer, each layer to the target");
  add_changes(*calibrate_app, command->changes, "Change a setting first");
  calibrate_app->add_option("-o,--out", command->out,
                            "Machine file for the calibrated machine, where the targets are met");
  add_json(*calibrate_app, command->json);
  add_threads(*calibrate_app, command->threads);
  calibrate_app->callback([command, &console] { calibrate_command(*command, console); });
}

}  // namespace hdp
