// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "command.hpp"
#include "inputs.hpp"
#include "output_folder.hpp"
#include "progress.hpp"
#include "run_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/machine/resolve.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/report/trace_events.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {
namespace {

constexpr auto kMostRows = static_cast<std::int64_t>(kMostSpattenRows);

/// The machine to compare with; nothing for `none`.
std::optional<HdpConfig> baseline_of(const RunCommand& command, const Catalog& catalog,
                                     const HdpConfig& machine) {
  if (command.baseline == "none") return std::nullopt;
  if (command.baseline == "same") return without_pruning(machine);
  return resolve_machine(catalog, command.baseline, {});
}

RunResult run_baseline(const RunCommand& command, const HdpConfig& baseline, const Trace& trace,
                       RunOptions options) {
  options.fidelity = false;
  options.timeline = nullptr;
  try {
    return run(baseline, trace, options);
  } catch (const UserError& mistake) {
    throw mistake.within("baseline " + command.baseline + " (--baseline none leaves it out)");
  }
}

void run_hdp_command(const RunCommand& command, const Catalog& catalog) {
  refuse_row_choice(command);
  const HdpConfig machine = resolve_machine(catalog, command.machine, command.changes);
  const std::optional<HdpConfig> baseline = baseline_of(command, catalog, machine);
  const Trace trace = resolve_workload(catalog, command.workload);
  OutputFolder folder(command.out);
  check_outputs(command);

  Progress progress;
  std::string stage = machine.name;
  RunOptions options;
  options.fidelity = command.fidelity == "on";
  options.threads = command.threads;
  options.observer = [&](std::int64_t done, std::int64_t total) {
    progress.show(done, total, stage);
  };
  std::optional<TraceEvents> events;
  if (!command.timeline.empty()) options.timeline = &events.emplace(machine.clock_mhz);
  Comparison comparison{
      .run = run(machine, trace, options), .baseline = {}, .baseline_name = command.baseline};
  stage = "baseline";
  if (baseline) comparison.baseline = run_baseline(command, *baseline, trace, options);
  if (comparison.baseline && command.baseline != "same")
    comparison.baseline_name = comparison.baseline->config.name;

  const std::string json = report_json(comparison, trace, command.detail);
  const std::string text = report_text(comparison, trace);
  if (events) write_file(command.timeline, events->text());
  write_outputs(command, machine_text(machine), text, json);
  folder.keep();
  progress.clear();
  fmt::print("{}", command.json ? json : text);
}

void run_command(const RunCommand& command) {
  const Catalog catalog = configurations();
  const std::string kind = machine_kind(catalog, command.machine);
  if (kind == name_of(SpattenRtlKind::SpattenRtl)) {
    run_spatten_rtl_command(command, catalog);
  } else if (kind == name_of(SpattenKind::Spatten)) {
    run_spatten_command(command, catalog);
  } else {
    run_hdp_command(command, catalog);
  }
}

}  // namespace

void add_run(CLI::App& app) {
  auto command = std::make_shared<RunCommand>();
  CLI::App* run = app.add_subcommand("run", "Cycles, bytes, energy and output error of a machine");
  run->add_option("MACHINE", command->machine, "Machine: a name (hdp_edge, ...) or a .json file")
      ->required();
  run->add_option(
         "-w,--workload", command->workload,
         "Trace (.safetensors), synthetic workload (.json) or rows (.csv): a name or a file")
      ->required();
  run->add_option("--set", command->changes,
                  "Change a setting: path=value, or path=@FILE (repeatable)")
      ->allow_extra_args(false);
  run->add_option("--baseline", command->baseline,
                  "What to compare with: same (this machine without pruning), a machine, none")
      ->capture_default_str();
  run->add_option("--iteration", command->iteration, "Only the .csv rows of this iteration")
      ->check(CLI::Range(std::int64_t{0}, kMostRows));
  run->add_option("--rows", command->rows, "Only the first so many of these .csv rows")
      ->check(CLI::Range(std::int64_t{1}, kMostRows));
  run->add_option("-o,--out", command->out, "Folder for report.json, report.txt, config.json");
  run->add_flag("--json", command->json, "Print the report as JSON");
  run->add_flag("--detail", command->detail, "Phases of every head in the JSON report");
  run->add_option("--timeline", command->timeline, "Trace-event JSON file, opens in Perfetto");
  run->add_option("--fidelity", command->fidelity, "Compare outputs with dense attention")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  run->add_option("-j,--threads", command->threads, "Threads; the result is the same for any")
      ->check(CLI::Range(1, 1024));
  run->callback([command] { run_command(*command); });
}

}  // namespace hdp
