// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "command.hpp"
#include "options.hpp"
#include "results.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/study/prune.hpp>
#include <hdp/study/stopwatch.hpp>
#include <hdp/workload/weights.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

struct PruneOptions {
  std::string trace, cases, out;
  unsigned threads = all_threads();
};

using Input = std::variant<Trace, Weights>;

/// What a tensor file holds; the log is told.
Input read_tensors(const std::filesystem::path& path, const Log& log) {
  InputFile file(path);
  if (is_meant_as_trace(Safetensors::parse(file.bytes(), path.string()))) {
    Trace trace = load_trace(std::move(file), path);
    log_workload(log, path, Workload(trace));
    return trace;
  }
  Weights weights = load_weights(std::move(file), path);
  log.info([&] {
    return fmt::format("weights {}: {}, {} matrices, sha256 {}", weights.name(), path.string(),
                       weights.matrices().size(), weights.sha256());
  });
  return weights;
}

/// One trace, or weights.
Input read_input(const Catalog& catalog, const std::filesystem::path& path,
                 const std::string& name) {
  if (path.extension() == ".safetensors") return read_tensors(path, catalog.log());
  const Workload workload = resolve_workload(catalog, name);
  if (workload.trace() == nullptr)
    refuse(path.string(), workload.batch() != nullptr ? "is a batch" : "has rows, no Q, K, V",
           "one trace");
  return *workload.trace();
}

void prune(const PruneOptions& options, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  const std::filesystem::path path = catalog.find("workloads", options.trace);
  const std::string cases = read_text(options.cases);
  const Input input = read_input(catalog, path, options.trace);
  log_time(console.log, "read", reading);
  Results results;
  results.add_file(options.out);
  results.claim();
  const Stopwatch deciding;
  const auto decide = [&](const auto& what) {
    return decisions_json(what, path.filename().string(), cases, options.cases, options.threads,
                          [&](std::size_t i, std::size_t count, std::string_view name) {
                            console.progress.show(static_cast<std::int64_t>(i),
                                                  static_cast<std::int64_t>(count), name);
                          });
  };
  const std::string decisions = std::visit(decide, input);
  console.progress.clear();
  log_time(console.log, "decided", deciding);
  results.put(options.out, decisions);
  results.publish();
}

}  // namespace

void add_prune(CLI::App& app, Console& console) {
  auto options = std::make_shared<PruneOptions>();
  CLI::App* command = app.add_subcommand(
      "prune",
      "Decisions without time: what each case keeps of a trace or of weights, and what that costs");
  command
      ->add_option("TRACE", options->trace,
                   "Trace: a name, a .safetensors file, or a .json file of a synthetic one; or "
                   "weights, a .safetensors file")
      ->required();
  command->add_option("--cases", options->cases, "JSON list of {name, system, settings}")
      ->required();
  command->add_option("--out", options->out, "Where the decisions go (format decisions-1)")
      ->required();
  add_threads(*command, options->threads);
  command->callback([options, &console] { prune(*options, console); });
}

}  // namespace hdp
