// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <memory>

#include <fmt/core.h>

#include "command.hpp"
#include <hdp/study/stopwatch.hpp>
#include <hdp/study/top_k.hpp>

namespace hdp {
namespace {

struct TopKOptions {
  TopKEngineConfig config;
  std::int64_t size = 1024, k = 128, samples = 2000;
  bool json = false;
};

}  // namespace

void add_top_k(CLI::App& app, Console& console) {
  auto options = std::make_shared<TopKOptions>();
  CLI::App* command =
      app.add_subcommand("top_k", "SpAtten's top-k engine alone, against a sorting network");
  const auto number = [&](const char* flag, std::int64_t& value, const char* doc) {
    return command->add_option(flag, value, doc)->capture_default_str();
  };
  number("--n", options->size, "Values to choose from");
  number("--k", options->k, "How many of the largest to keep");
  number("--parallelism", options->config.parallelism, "Values that meet the pivot in a cycle")
      ->check(CLI::Range(1, 4096));
  number("--round-cycles", options->config.round_cycles, "Cycles of a round beside its values")
      ->check(CLI::Range(0, 1024));
  number("--samples", options->samples, "How often, on new random values");
  number("--seed", options->config.seed, "Seed of values and pivots")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--json", options->json, "Print the report as JSON");
  command->callback([options, &console] {
    const Stopwatch playing;
    const TopKReport report =
        study_top_k(options->config, options->size, options->k, options->samples);
    log_time(console.log, "played", playing);
    fmt::print("{}", options->json ? top_k_json(report) : top_k_text(report));
  });
}

}  // namespace hdp
