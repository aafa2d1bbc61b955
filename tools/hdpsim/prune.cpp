// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

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

/// The weights of a tensor file that is no trace.
std::optional<Weights> weights_in(const std::filesystem::path& path, const Log& log) {
  if (path.extension() != ".safetensors") return std::nullopt;
  {
    const InputFile input(path);
    const Safetensors file = Safetensors::parse(input.bytes(), path.string());
    if (file.tensors().empty() || holds_layers(file)) return std::nullopt;
  }
  Weights weights = load_weights(path);
  log.info([&] {
    return fmt::format("weights {}: {}, {} matrices, sha256 {}", weights.name(), path.string(),
                       weights.matrices().size(), weights.sha256());
  });
  return weights;
}

/// One trace, as a name or a file says.
Trace trace_of(const Catalog& catalog, const std::filesystem::path& path, const std::string& name) {
  const Workload workload = resolve_workload(catalog, name);
  if (workload.trace() == nullptr)
    refuse(path.string(), workload.batch() != nullptr ? "is a batch" : "has rows, no Q, K, V",
           "one trace");
  log_workload(catalog.log(), path, workload);
  return *workload.trace();
}

void prune(const PruneOptions& options, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  const std::filesystem::path path = catalog.find("workloads", options.trace);
  const std::string cases = read_text(options.cases);
  const std::optional<Weights> weights = weights_in(path, console.log);
  std::optional<Trace> trace;
  if (!weights) trace = trace_of(catalog, path, options.trace);
  log_time(console.log, "read", reading);
  Results results;
  results.add_file(options.out);
  results.claim();
  const Stopwatch deciding;
  const auto decide = [&](const auto& input) {
    return decisions_json(input, path.filename().string(), cases, options.cases, options.threads,
                          [&](std::size_t i, std::size_t count, std::string_view name) {
                            console.progress.show(static_cast<std::int64_t>(i),
                                                  static_cast<std::int64_t>(count), name);
                          });
  };
  const std::string decisions = weights ? decide(*weights) : decide(*trace);
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
