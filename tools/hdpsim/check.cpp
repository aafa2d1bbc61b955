// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "command.hpp"
#include "flush_output.hpp"
#include "options.hpp"
#include "results.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/report/check_report.hpp>
#include <hdp/study/check.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

struct CheckCommand {
  std::string file, machine, workload, junit;
  std::optional<std::string> added;
  std::vector<std::string> changes;
  unsigned threads = all_threads();
  bool update = false, github = false;
};

/// What a check or an addition says of itself, behind its results.
void tell(const CheckCommand& command, const std::string& said) {
  flush_output();
  // Where stderr cannot be written the exit code says it alone.
  std::fputs(fmt::format("hdpsim: {}: {}\n", one_line(command.file), said).c_str(), stderr);
}

CheckOptions options_of(const CheckCommand& command, Console& console) {
  CheckOptions options;
  options.folder = fs::path(command.file).parent_path();
  options.threads = command.threads;
  options.log = console.log;
  options.observer = [&](double share, const std::string& name) {
    console.progress.show(share, name);
  };
  return options;
}

void refuse_other_options(const CheckCommand& command) {
  const bool adds = command.added.has_value();
  const auto refuse_if = [](bool given, const char* option, const char* problem,
                            const char* allowed) {
    if (given) refuse(option, problem, allowed);
  };
  constexpr const char *kCase = "is for a case that is added", *kCheck = "is for a check";
  refuse_if(!adds && !command.machine.empty(), "MACHINE", kCase, "with --add NAME");
  refuse_if(!adds && !command.workload.empty(), "--workload", kCase, "with --add NAME");
  refuse_if(!adds && !command.changes.empty(), "--set", kCase, "with --add NAME");
  refuse_if(adds && command.machine.empty(), "MACHINE", "is required with --add", "a machine");
  refuse_if(adds && command.workload.empty(), "--workload", "is required with --add", "a workload");
  refuse_if(adds && command.update, "--update", kCheck, "without --add");
  refuse_if(adds && !command.junit.empty(), "--junit", kCheck, "without --add");
  refuse_if(adds && command.github, "--github", kCheck, "without --add");
}

void check_baseline(const CheckCommand& command, Console& console) {
  Results results;
  if (command.update) results.add_revised_file(command.file);
  results.add_file(command.junit);
  results.claim();
  const std::string text = read_text(command.file);
  const BaselineFile baseline = read_baseline(text, command.file);
  const CheckResults found =
      check(baseline, configurations(console.log), options_of(command, console));
  const std::string junit = check_junit(found, command.file),
                    revised = command.update ? with_results(text, found) : text;
  if (!command.junit.empty()) results.put(command.junit, junit);
  if (revised != text) results.put(command.file, revised);
  results.publish();
  console.progress.clear();
  fmt::print("{}", check_text(found));
  if (command.github) fmt::print("{}", check_github(found, command.file));
  tell(command, check_summary(found) + (revised != text ? "; updated" : ""));
  for (const CaseResult& result : found)
    console.differs |= command.update ? !result.refused.empty() : !result.passed();
}

void add_case(const CheckCommand& command, const std::string& name, Console& console) {
  Results results;
  results.add_revised_file(command.file);
  results.claim();
  const std::string text = fs::exists(command.file) ? read_text(command.file) : "";
  const BaselineFile baseline = text.empty() ? BaselineFile{} : read_baseline(text, command.file);
  if (name.empty()) refuse("--add", "is no name", "a text");
  need_one_line("--add", name);
  if (baseline.has_case(name))
    refuse("--add", fmt::format("{} has a case called {}", command.file, name),
           "a name that is free, or --update");
  const Catalog catalog = configurations(console.log);
  const CheckOptions options = options_of(command, console);
  BaselineCase item{.name = name,
                    .machine = path_for_baseline(command.machine, options.folder),
                    .workload = path_for_baseline(command.workload, options.folder),
                    .set = settings_for_baseline(command.changes)};
  // As the user has written it, so that mistakes are told in his words.
  const auto machine = resolve_machine(catalog, command.machine, command.changes);
  (void)catalog.find("workloads", command.workload);
  if (machine->text() != machine_of(item, catalog, options.folder)->text())
    refuse("--set", "a text that reads as JSON is another value in a file",
           "quotes around it, as in name='\"5e1\"'");
  expect_report(item, catalog, options);
  const std::string revised = with_case(text, item);
  // A tolerance of the file may be for a key that no case has.
  (void)read_baseline(revised, command.file);
  results.put(command.file, revised);
  results.publish();
  tell(command, fmt::format("case {} added, {} values", name, item.expect.size()));
}

void check_command(const CheckCommand& command, Console& console) {
  refuse_other_options(command);
  if (command.added)
    add_case(command, *command.added, console);
  else
    check_baseline(command, console);
}

}  // namespace

void add_check(CLI::App& app, Console& console) {
  auto command = std::make_shared<CheckCommand>();
  CLI::App* check = app.add_subcommand(
      "check", "Plays the cases of a baseline file and tells which numbers moved (exit code 1)");
  check->add_option("BASELINE", command->file, "Baseline file (.json)")->required();
  check->add_option("MACHINE", command->machine,
                    "With --add: a machine, a name (see hdpsim list machines) or a .json file");
  check->add_option("--add", command->added,
                    "Play a machine on a workload and add the numbers of its report as a case of "
                    "this name; makes the file where there is none");
  check->add_option("-w,--workload", command->workload, "With --add: a name or a file");
  add_changes(*check, command->changes, "With --add: change a setting");
  check->add_flag("--update", command->update,
                  "Write what moved into the file, and nothing else (exit code 0)");
  check->add_option("--junit", command->junit, "File for the results as JUnit XML");
  check->add_flag("--github", command->github, "Also print errors as GitHub's runner reads them");
  add_threads(*check, command->threads);
  check->callback([command, &console] { check_command(*command, console); });
}

}  // namespace hdp
