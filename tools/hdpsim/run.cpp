// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "command.hpp"
#include "head_names.hpp"
#include "results.hpp"
#include "run_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/report/trace_events.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/sweep/sweep.hpp>
#include <hdp/study/what_if.hpp>

namespace hdp {
namespace {

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

/// What is played, and beside what.
struct Asked {
  Job job;
  Baseline baseline;
  std::optional<bool> fidelity;
};

/// A point of a sweep says all of it, but for a baseline and a word on fidelity that come first.
Asked asked_for_point(const RunCommand& command, const Catalog& catalog) {
  if (!command.workload.empty() || !command.changes.empty() || !command.layer.layer.empty() ||
      command.layer.hidden || command.layer.ffn || command.rows.iteration || command.rows.most)
    refuse("--point", "is played as the sweep says",
           "no --workload, --set, --layer, --hidden, --ffn, --iteration, --rows");
  SweptPoint point = point_of_sweep(catalog, command.machine, *command.point);
  Asked asked{std::move(point.job), std::move(point.baseline), fidelity_of(command)};
  if (!command.baseline.empty()) asked.baseline = resolve_baseline(catalog, command.baseline);
  if (!asked.fidelity && !point.fidelity) asked.fidelity = false;
  return asked;
}

Asked asked_for(const RunCommand& command, const Catalog& catalog) {
  if (command.point) return asked_for_point(command, catalog);
  if (command.workload.empty()) refuse({}, "--workload is required, see hdpsim --help");
  std::shared_ptr<const Machine> machine =
      resolve_machine(catalog, command.machine, command.changes);
  Baseline baseline = resolve_baseline(
      catalog, command.baseline.empty() ? std::string(Baseline::kSame) : command.baseline);
  return {
      {std::move(machine),
       with_layers(resolve_workload(catalog, command.workload, command.rows), command.layer, "--")},
      std::move(baseline),
      fidelity_of(command)};
}

void run_command(const RunCommand& command, Console& console) {
  const Stopwatch reading;
  const Asked asked = asked_for(command, configurations(console.log));
  const std::shared_ptr<const Machine>& machine = asked.job.machine;
  const Workload& workload = asked.job.workload;
  log_time(console.log, "read", reading);
  PlayOptions options;
  std::optional<TraceEvents> events;
  HeadMaps maps(read_head_names(command.maps));
  options.fidelity = asked.fidelity;
  options.causes = command.fidelity == "causes";
  options.threads = command.threads.value_or(all_threads());
  options.log = console.log;
  if (!command.timeline.empty()) options.timeline = &events.emplace(machine->clock_mhz());
  if (!command.maps.empty()) options.maps = &maps;
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
  Comparison comparison = play_beside(*machine, workload, asked.baseline, options);
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
  CLI::App* run = app.add_subcommand("run", "Cycles, bytes, energy and output error of a machine");
  run->add_option("MACHINE", command->machine,
                  "Machine: a name (see hdpsim list machines) or a .json file; with --point, the "
                  "folder of a sweep")
      ->required();
  run->add_option("-w,--workload", command->workload,
                  "Trace or encoder (.safetensors), synthetic workload or batch (.json), or rows "
                  "(.csv): a name or a file");
  run->add_option("--point", command->point, "Play this point of a sweep again")
      ->check(CLI::NonNegativeNumber);
  add_changes(*run, command->changes, "Change a setting");
  run->add_option("--baseline", command->baseline,
                  "What to compare with: same (this machine without pruning, the default), a "
                  "machine, none");
  run->add_option("--iteration", command->rows.iteration, "Only the .csv rows of this iteration")
      ->check(CLI::Range(std::int64_t{0}, RowFilter::kMost));
  run->add_option("--rows", command->rows.most, "Only the first so many of these .csv rows")
      ->check(CLI::Range(std::int64_t{1}, RowFilter::kMost));
  add_layer_options(*run, command->layer);
  run->add_option("-o,--out", command->out, "Folder for report.json, report.txt, config.json");
  add_json(*run, command->json, "Print the report as JSON");
  run->add_flag("--detail", command->detail, "Phases of every head, and rows, in the JSON report");
  run->add_option("--map", command->maps,
                  "Count in the report which keys this head keeps: LAYER:HEAD (repeatable)")
      ->delimiter(',')
      ->allow_extra_args(false);
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
