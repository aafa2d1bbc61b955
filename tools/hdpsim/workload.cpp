// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "command.hpp"
#include "results.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/write.hpp>
#include <hdp/report/workload_report.hpp>
#include <hdp/workload/spatten_generator.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

struct GenerateOptions {
  std::string settings, out;
  std::vector<std::string> changes;
};

struct ShowOptions {
  std::string file;
  bool json = false;
};

void generate(const GenerateOptions& options, const Log& log) {
  const std::filesystem::path path =
      configurations(log).find("workloads/spatten", options.settings);
  SpattenGeneratorConfig config;
  read_settings(config, read_text(path), path.string());
  for (const std::string& change : options.changes) set_value(config, change);
  log.info([&] {
    return fmt::format("settings {}: {}, sha256 {}", options.settings, path.string(),
                       sha256_hex(write_settings(config)));
  });
  Results results;
  results.add_file(options.out);
  results.claim();
  const SpattenWorkload workload = [&] {
    try {
      return make_spatten_workload(config);
    } catch (const UserError& mistake) {
      throw mistake.within(path.string());
    }
  }();
  const std::string rows = write_spatten_workload(workload);
  results.put(options.out, rows);
  results.publish();
  log.info([&] { return fmt::format("{}: {} rows written", options.out, workload.rows.size()); });
}

void show(const ShowOptions& options, const Log& log) {
  const std::filesystem::path path = configurations(log).find("workloads", options.file);
  if (path.extension() == ".json" || path.extension() == ".safetensors")
    throw UserError({.path = path.string(), .problem = "holds no rows", .allowed = ".csv"});
  const Workload workload(read_spatten_workload(path));
  log_workload(log, path, workload);
  const SpattenWorkload& rows = *workload.rows();
  fmt::print("{}", options.json ? workload_json(rows) : workload_text(rows));
}

void add_generate(CLI::App& workload, Console& console) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* command = workload.add_subcommand("generate", "A workload file from schedules");
  command
      ->add_option("SETTINGS", options->settings,
                   "Settings: a name (gpt2_small_per8, ...) or a .json file")
      ->required();
  command->add_option("--out", options->out, "The CSV file to write")->required();
  command
      ->add_option("--set", options->changes,
                   "Change a setting: path=value, or path=@FILE (repeatable)")
      ->allow_extra_args(false);
  command->callback([options, &console] { generate(*options, console.log); });
}

void add_show(CLI::App& workload, Console& console) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = workload.add_subcommand("show", "What a workload file asks for");
  command->add_option("FILE", options->file, "A .csv file of either format")->required();
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &console] { show(*options, console.log); });
}

}  // namespace

void add_workload(CLI::App& app, Console& console) {
  CLI::App* command = app.add_subcommand("workload", "SpAtten's workload files: make, show");
  command->require_subcommand(1);
  add_generate(*command, console);
  add_show(*command, console);
}

}  // namespace hdp
