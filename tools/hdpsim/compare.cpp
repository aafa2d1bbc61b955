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
#include <hdp/report/spatten_report.hpp>
#include <hdp/report/spatten_rtl_report.hpp>

namespace hdp {
namespace {

struct CompareCommand : TableCommand {
  std::vector<std::string> machines;
};

using Rows = std::shared_ptr<const SpattenWorkload>;

std::string key_of(const std::string& machine_text, const SpattenWorkload& rows) {
  return sha256_hex(std::string(kVersion) + rows.sha256 + rows.name + machine_text);
}

/// What is said of a row of the file says which file.
template <class Work>
auto within(const SpattenWorkload& rows, Work&& work) {
  try {
    return work();
  } catch (const UserError& mistake) {
    throw mistake.mistake().path.starts_with("row") ? mistake.within(rows.name) : mistake;
  }
}

/// The run is the first half of the work, the unpruned one the second.
TableProgress half(const TableProgress& progress, bool second) {
  return [progress, second](std::int64_t done, std::int64_t total) {
    progress(done + (second ? total : 0), 2 * total);
  };
}

TableJob job_on(const SpattenConfig& machine, const Rows& rows) {
  const auto play = [=](const TableProgress& progress) {
    return within(*rows, [&] {
      const auto run = [&](const std::vector<SpattenRow>& chosen, bool second) {
        SpattenOptions options;
        options.observer = half(progress, second);
        return play_spatten(machine, passes_of(machine, rows->format, chosen), options);
      };
      SpattenComparison comparison{.run = run(rows->rows, false)};
      comparison.baseline = run(unpruned(rows->rows), true);
      return table_row(comparison, rows->name, machine.name);
    });
  };
  return {rows->name, machine.name, key_of(machine_text(machine), *rows), play};
}

TableJob job_on(const SpattenRtlConfig& machine, const Rows& rows) {
  if (rows->format != SpattenFormat::Generation)
    throw UserError(
        {.path = rows->name,
         .problem = fmt::format("rows of a prefill; {} knows one query a row", machine.name),
         .allowed = "a file of the generation format"});
  const auto play = [=](const TableProgress& progress) {
    return within(*rows, [&] {
      SpattenRtlComparison comparison{
          .run = run_spatten_rtl(machine, rows->rows, half(progress, false))};
      SpattenRtlConfig plain = machine;  // 12 bits are two passes there, 8 + 4
      plain.requantise.rows.reset();
      comparison.baseline = run_spatten_rtl(plain, unpruned(rows->rows), half(progress, true));
      return table_row(comparison, rows->name, machine.name);
    });
  };
  return {rows->name, machine.name, key_of(machine_text(machine), *rows), play};
}

TableJob job_of(const Catalog& catalog, const CompareCommand& command, const std::string& machine,
                const Rows& rows) {
  const std::string kind = machine_kind(catalog, machine);
  if (kind == name_of(SpattenKind::Spatten))
    return job_on(resolve_spatten(catalog, machine, command.changes), rows);
  if (kind == name_of(SpattenRtlKind::SpattenRtl))
    return job_on(resolve_spatten_rtl(catalog, machine, command.changes), rows);
  throw UserError({.path = machine,
                   .problem = fmt::format("a machine of kind {} takes traces, not rows", kind),
                   .allowed = "machines of kind spatten, spatten_rtl"});
}

void compare(const CompareCommand& command) {
  const Catalog catalog = configurations();
  std::vector<TableJob> jobs;
  for (const std::string& workload : command.workloads) {
    const auto rows = std::make_shared<const SpattenWorkload>(resolve_any_rows(catalog, workload));
    if (rows->rows.empty()) throw UserError({.path = rows->name, .problem = "no row"});
    for (const std::string& machine : command.machines)
      jobs.push_back(job_of(catalog, command, machine, rows));
  }
  show_table(command, play_table(command, jobs));
}

}  // namespace

void add_compare(CLI::App& app) {
  auto command = std::make_shared<CompareCommand>();
  CLI::App* compare_app = app.add_subcommand(
      "compare", "A table of SpAtten's machines on workload files, each beside the unpruned file");
  compare_app
      ->add_option("MACHINE", command->machines, "Machines (spatten, spatten_rtl_artifact, ...)")
      ->required();
  compare_app
      ->add_option("-w,--workload", command->workloads, "Workload file of rows, .csv (repeatable)")
      ->required();
  add_table_options(*compare_app, *command);
  compare_app->callback([command] { compare(*command); });
}

}  // namespace hdp
