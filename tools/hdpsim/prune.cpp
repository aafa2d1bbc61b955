// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>

#include "command.hpp"
#include "options.hpp"
#include "progress.hpp"
#include <hdp/base/file.hpp>
#include <hdp/study/prune.hpp>

namespace hdp {
namespace {

struct PruneOptions {
  std::string trace, cases, out;
  unsigned threads = all_threads();
};

void prune(const PruneOptions& options) {
  const std::filesystem::path path = configurations().find("workloads", options.trace);
  const std::string cases = read_text(options.cases);
  const Trace trace = load_trace(path);
  check_writable(options.out);
  Progress progress;
  const std::string decisions = decisions_json(
      trace, path.filename().string(), cases, options.cases, options.threads,
      [&](std::size_t i, std::size_t count, std::string_view name) {
        progress.show(static_cast<std::int64_t>(i), static_cast<std::int64_t>(count), name);
      });
  write_file(options.out, decisions);
}

}  // namespace

void add_prune(CLI::App& app) {
  auto options = std::make_shared<PruneOptions>();
  CLI::App* command = app.add_subcommand(
      "prune", "Decisions without time: what each case keeps of a trace, and what that costs");
  command->add_option("TRACE", options->trace, "Trace: a name or a .safetensors file")->required();
  command->add_option("--cases", options->cases, "JSON list of {name, system, settings}")
      ->required();
  command->add_option("--out", options->out, "Where the decisions go (format decisions-1)")
      ->required();
  add_threads(*command, options->threads);
  command->callback([options] { prune(*options); });
}

}  // namespace hdp
