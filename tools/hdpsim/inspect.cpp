// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "command.hpp"
#include "inputs.hpp"
#include <hdp/report/inspection.hpp>

namespace hdp {
namespace {

struct InspectOptions {
  std::string file;
  bool json = false;
};

void inspect(const InspectOptions& options) {
  const Trace trace = resolve_workload(configurations(), options.file);
  fmt::print("{}", options.json ? inspection_json(trace) : inspection_text(trace));
}

}  // namespace

void add_inspect(CLI::App& app) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command =
      app.add_subcommand("inspect", "What is in a trace, and how its values are distributed");
  command
      ->add_option("FILE", options->file,
                   "Trace (.safetensors) or synthetic workload (.json): a name or a file")
      ->required();
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { inspect(*options); });
}

}  // namespace hdp
