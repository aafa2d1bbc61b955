// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>

#include "command.hpp"
#include "options.hpp"
#include "results.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/study/prune.hpp>
#include <hdp/study/stopwatch.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

struct PruneOptions {
  std::string trace, cases, out;
  unsigned threads = all_threads();
};

void prune(const PruneOptions& options, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  const std::filesystem::path path = catalog.find("workloads", options.trace);
  const std::string cases = read_text(options.cases);
  const Workload workload = resolve_workload(catalog, options.trace);
  if (workload.trace() == nullptr)
    refuse(path.string(), workload.batch() != nullptr ? "is a batch" : "has rows, no Q, K, V",
           "one trace");
  const Trace& trace = *workload.trace();
  log_workload(console.log, path, workload);
  log_time(console.log, "read", reading);
  Results results;
  results.add_file(options.out);
  results.claim();
  const Stopwatch deciding;
  const std::string decisions = decisions_json(
      trace, path.filename().string(), cases, options.cases, options.threads,
      [&](std::size_t i, std::size_t count, std::string_view name) {
        console.progress.show(static_cast<std::int64_t>(i), static_cast<std::int64_t>(count), name);
      });
  console.progress.clear();
  log_time(console.log, "decided", deciding);
  results.put(options.out, decisions);
  results.publish();
}

}  // namespace

void add_prune(CLI::App& app, Console& console) {
  auto options = std::make_shared<PruneOptions>();
  CLI::App* command = app.add_subcommand(
      "prune", "Decisions without time: what each case keeps of a trace, and what that costs");
  command->add_option("TRACE", options->trace, "Trace: a name, a .safetensors file, or a .json file of a synthetic one")->required();
  command->add_option("--cases", options->cases, "JSON list of {name, system, settings}")
      ->required();
  command->add_option("--out", options->out, "Where the decisions go (format decisions-1)")
      ->required();
  add_threads(*command, options->threads);
  command->callback([options, &console] { prune(*options, console); });
}

}  // namespace hdp
