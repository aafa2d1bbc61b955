// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "command.hpp"
#include "results.hpp"
#include "run_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/report/trace_events.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/what_if.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMostRows = std::int64_t{1} << 22;

/// "on" and "causes" insist, "off" leaves it out, and without a word outputs are compared where
/// they can be.
std::optional<bool> fidelity_of(const RunCommand& command) {
  if (command.fidelity.empty()) return std::nullopt;
  return command.fidelity != "off";
}

/// What changes nothing where there are no values to decide on.
void refuse_options_of_traces(const RunCommand& command, const Workload& workload) {
  const std::string rows = fmt::format("; {} holds rows", workload.name());
  if (!command.fidelity.empty())
    refuse("--fidelity", "there are no outputs to compare" + rows, "with a trace");
  if (command.threads && !command.what_if)
    refuse("-j", "one thread plays it, others only decide on values" + rows, "with a trace");
}

void run_command(const RunCommand& command, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  const std::unique_ptr<Machine> machine =
      resolve_machine(catalog, command.machine, command.changes);
  const Baseline baseline = resolve_baseline(catalog, command.baseline);
  const Workload workload =
      with_layers(resolve_workload(catalog, command.workload, command.rows), command.layer, "--");
  log_time(console.log, "read", reading);
  PlayOptions options;
  std::optional<TraceEvents> events;
  options.fidelity = fidelity_of(command);
  options.causes = command.fidelity == "causes";
  options.threads = command.threads.value_or(all_threads());
  options.log = console.log;
  if (!command.timeline.empty()) options.timeline = &events.emplace(machine->clock_mhz());
  refuse_what_it_cannot(*machine, workload, options);
  if (workload.rows() != nullptr) refuse_options_of_traces(command, workload);
  refuse_ignored_changes(std::array<const Machine*, 1>{machine.get()}, std::array{workload});
  Results results;
  results.add_file(command.timeline);
  results.add_folder(command.out, {"config.json", "report.txt", "report.json"});
  results.claim();

  options.observer = [&](std::int64_t done, std::int64_t total) {
    console.progress.show(done, total, machine->name());
  };
  Comparison comparison = play_beside(*machine, workload, baseline, options);
  if (command.what_if) comparison.what_if = what_if(*machine, workload, comparison.run, options);
  const Stopwatch reporting;
  const std::string json = report_json(comparison, command.detail);
  const std::string text = report_text(comparison);
  const std::string config = machine->text(), timeline = events ? events->text() : "";
  if (events) results.put(command.timeline, timeline);
  if (!command.out.empty()) {
    const std::filesystem::path folder = command.out;
    results.put(folder / "config.json", config);
    results.put(folder / "report.txt", text);
    results.put(folder / "report.json", json);
  }
  results.publish();
  console.progress.clear();
  fmt::print("{}", command.json ? json : text);
  log_time(console.log, "reported", reporting);
}

}  // namespace

void add_run(CLI::App& app, Console& console) {
  auto command = std::make_shared<RunCommand>();
  command->baseline = Baseline::kSame;
  CLI::App* run = app.add_subcommand("run", "Cycles, bytes, energy and output error of a machine");
  run->add_option("MACHINE", command->machine,
                  "Machine: a name (see hdpsim list machines) or a .json file")
      ->required();
  run->add_option("-w,--workload", command->workload,
                  "Trace or encoder (.safetensors), synthetic workload or batch (.json), or rows "
                  "(.csv): a name or a file")
      ->required();
  add_changes(*run, command->changes, "Change a setting");
  run->add_option("--baseline", command->baseline,
                  "What to compare with: same (this machine without pruning), a machine, none")
      ->capture_default_str();
  run->add_option("--iteration", command->rows.iteration, "Only the .csv rows of this iteration")
      ->check(CLI::Range(std::int64_t{0}, kMostRows));
  run->add_option("--rows", command->rows.most, "Only the first so many of these .csv rows")
      ->check(CLI::Range(std::int64_t{1}, kMostRows));
  add_layer_options(*run, command->layer);
  run->add_option("-o,--out", command->out, "Folder for report.json, report.txt, config.json");
  add_json(*run, command->json, "Print the report as JSON");
  run->add_flag("--detail", command->detail, "Phases of every head, and rows, in the JSON report");
  run->add_flag("--what-if", command->what_if,
                "Play again with each resource relieved in turn, and tell what that gains");
  run->add_option("--timeline", command->timeline, "Trace-event JSON file, opens in Perfetto");
  run->add_option(
         "--fidelity", command->fidelity,
         "Compare outputs with dense attention: on, off, or causes (what the error comes from); "
         "without it, where it can be")
      ->check(CLI::IsMember({"on", "off", "causes"}));
  add_threads(*run, command->threads);
  run->callback([command, &console] { run_command(*command, console); });
}

}  // namespace hdp
