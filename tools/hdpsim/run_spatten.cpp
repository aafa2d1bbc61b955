// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "inputs.hpp"
#include "output_folder.hpp"
#include "progress.hpp"
#include "run_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/machine/resolve.hpp>
#include <hdp/machine/spatten.hpp>
#include <hdp/report/spatten_report.hpp>
#include <hdp/report/trace_events.hpp>

namespace hdp {
namespace {

/// The workload, as something that SpAtten's machines play with or without pruning.
struct Job {
  SpattenInput input;
  std::function<SpattenResult(const SpattenConfig&, const SpattenOptions&)> pruned, plain;
};

Job job_on_rows(const RunCommand& command, const Catalog& catalog) {
  auto workload = std::make_shared<SpattenWorkload>(resolve_any_rows(catalog, command.workload));
  auto rows = std::make_shared<std::vector<SpattenRow>>(
      chosen_rows(*workload, command.iteration, command.rows));
  const auto play = [workload](const SpattenConfig& config, const std::vector<SpattenRow>& chosen,
                               const SpattenOptions& options) {
    return play_spatten(config, passes_of(config, workload->format, chosen), options);
  };
  const auto within = [workload](auto&& work) {
    try {
      return work();
    } catch (const UserError& mistake) {
      throw mistake.mistake().path.starts_with("row") ? mistake.within(workload->name) : mistake;
    }
  };
  return {.input = input_of(*workload, *rows),
          .pruned =
              [=](const auto& config, const auto& options) {
                return within([&] { return play(config, *rows, options); });
              },
          .plain =
              [=](const auto& config, const auto& options) {
                return within([&] { return play(config, unpruned(*rows), options); });
              }};
}

Job job_on_trace(const RunCommand& command, const Catalog& catalog) {
  refuse_row_choice(command);
  auto trace = std::make_shared<Trace>(resolve_workload(catalog, command.workload));
  return {.input = input_of(*trace),
          .pruned = [=](const auto& config,
                        const auto& options) { return run_spatten(config, *trace, options); },
          .plain =
              [=](const auto& config, const auto& options) {
                return run_spatten(without_pruning(config), *trace, options);
              }};
}

Job job_of(const RunCommand& command, const Catalog& catalog) {
  const bool rows = catalog.find("workloads", command.workload).extension() == ".csv";
  return rows ? job_on_rows(command, catalog) : job_on_trace(command, catalog);
}

std::optional<SpattenResult> run_baseline(const RunCommand& command, const Catalog& catalog,
                                          const SpattenConfig& machine, const Job& job,
                                          SpattenOptions options) {
  if (command.baseline == "none") return std::nullopt;
  options.fidelity = false;
  options.timeline = nullptr;
  try {
    if (command.baseline == "same") return job.plain(machine, options);
    return job.pruned(resolve_spatten(catalog, command.baseline), options);
  } catch (const UserError& mistake) {
    throw mistake.within("baseline " + command.baseline + " (--baseline none leaves it out)");
  }
}

}  // namespace

void run_spatten_command(const RunCommand& command, const Catalog& catalog) {
  const SpattenConfig machine = resolve_spatten(catalog, command.machine, command.changes);
  const Job job = job_of(command, catalog);
  OutputFolder folder(command.out);
  check_outputs(command);

  Progress progress;
  std::string stage = machine.name;
  SpattenOptions options;
  options.fidelity = command.fidelity == "on";
  options.threads = command.threads;
  options.observer = [&](std::int64_t done, std::int64_t total) {
    progress.show(done, total, stage);
  };
  std::optional<TraceEvents> events;
  if (!command.timeline.empty()) options.timeline = &events.emplace(machine.clock_mhz);
  SpattenComparison comparison{.run = job.pruned(machine, options)};
  stage = "baseline";
  comparison.baseline = run_baseline(command, catalog, machine, job, options);
  comparison.baseline_name = command.baseline;
  if (comparison.baseline && command.baseline != "same")
    comparison.baseline_name = comparison.baseline->config.name;

  const std::string json = report_json(comparison, job.input, command.detail);
  const std::string text = report_text(comparison, job.input);
  if (events) write_file(command.timeline, events->text());
  write_outputs(command, machine_text(machine), text, json);
  folder.keep();
  progress.clear();
  fmt::print("{}", command.json ? json : text);
}

}  // namespace hdp
