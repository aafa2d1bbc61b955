// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "inputs.hpp"
#include "output_folder.hpp"
#include "progress.hpp"
#include "run_command.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/resolve.hpp>
#include <hdp/machine/spatten_rtl.hpp>
#include <hdp/report/spatten_rtl_report.hpp>

namespace hdp {
namespace {

SpattenRtlResult run_rows(const SpattenRtlConfig& config, const std::vector<SpattenRow>& rows,
                          Progress& progress, const std::string& stage) {
  return run_spatten_rtl(config, rows, [&](std::int64_t done, std::int64_t total) {
    progress.show(done, total, stage);
  });
}

/// What the machine is compared with: itself on the rows without any pruning, or another one on
/// the same rows; nothing for `none`.
std::optional<SpattenRtlResult> run_baseline(const RunCommand& command, const Catalog& catalog,
                                             SpattenRtlConfig config,
                                             const std::vector<SpattenRow>& rows,
                                             Progress& progress) {
  if (command.baseline == "none") return std::nullopt;
  try {
    if (command.baseline != "same")
      return run_rows(resolve_spatten_rtl(catalog, command.baseline), rows, progress, "baseline");
    config.requantise = {.eligible = false, .rows = {}};
    return run_rows(config, without_pruning(rows), progress, "baseline");
  } catch (const UserError& mistake) {
    throw mistake.within("baseline " + command.baseline + " (--baseline none leaves it out)");
  }
}

}  // namespace

void run_spatten_rtl_command(const RunCommand& command, const Catalog& catalog) {
  const SpattenRtlConfig machine = resolve_spatten_rtl(catalog, command.machine, command.changes);
  if (!command.timeline.empty())
    throw UserError({.path = "--timeline",
                     .problem = "the RTL's machine records no timeline; --detail lists its rows"});
  const SpattenWorkload workload = resolve_rows(catalog, command.workload);
  const std::vector<SpattenRow> rows = chosen_rows(workload, command.iteration, command.rows);
  OutputFolder folder(command.out);
  check_outputs(command);

  Progress progress;
  SpattenRtlComparison comparison;
  const auto within_workload = [&](auto&& work) {
    try {
      return work();
    } catch (const UserError& mistake) {
      throw mistake.mistake().path.starts_with("row") ? mistake.within(workload.name) : mistake;
    }
  };
  comparison.run = within_workload([&] { return run_rows(machine, rows, progress, machine.name); });
  comparison.baseline =
      within_workload([&] { return run_baseline(command, catalog, machine, rows, progress); });
  comparison.baseline_name = command.baseline;
  if (comparison.baseline && command.baseline != "same")
    comparison.baseline_name = comparison.baseline->config.name;

  const std::string json = report_json(comparison, workload, rows, command.detail);
  const std::string text = report_text(comparison, workload);
  write_outputs(command, machine_text(machine), text, json);
  folder.keep();
  progress.clear();
  fmt::print("{}", command.json ? json : text);
}

}  // namespace hdp
