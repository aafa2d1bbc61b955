// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "command.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/report/inspection.hpp>
#include <hdp/workload/weights.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

struct InspectOptions {
  std::string file;
  bool json = false;
};

/// A tensor file that is no trace (weights, say) is shown tensor by tensor.
void inspect_tensors(const Safetensors& file, const InputFile& input,
                     const std::filesystem::path& path, bool json, const Log& log) {
  const std::string name = one_line(path.stem().string()), sha256 = sha256_hex(input.bytes());
  log.info([&] {
    return fmt::format("tensors {}: {}, {} of them, {} bytes, sha256 {}", name, path.string(),
                       file.tensors().size(), input.bytes().size(), sha256);
  });
  fmt::print("{}",
             json ? inspection_json(file, name, sha256) : inspection_text(file, name, sha256));
}

void inspect_workload(const Workload& workload, bool json) {
  fmt::print("{}", json ? inspection_json(workload) : inspection_text(workload));
}

void inspect(const InspectOptions& options, const Log& log) {
  const Catalog catalog = configurations(log);
  const std::filesystem::path path = catalog.find("workloads", options.file);
  if (path.extension() == ".safetensors") {
    InputFile input(path);
    const Safetensors file = Safetensors::parse(input.bytes(), path.string());
    if (!is_meant_as_trace(file)) return inspect_tensors(file, input, path, options.json, log);
    const Workload trace(load_trace(std::move(input), path));
    log_workload(log, path, trace);
    return inspect_workload(trace, options.json);
  }
  const Workload workload = resolve_workload(catalog, options.file);
  if (workload.rows() != nullptr)
    refuse(path.string(), "rows hold no tensors (see hdpsim workload show)", ".safetensors, .json");
  inspect_workload(workload, options.json);
}

}  // namespace

void add_inspect(CLI::App& app, Console& console) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command =
      app.add_subcommand("inspect", "What is in a trace, and how its values are distributed");
  command
      ->add_option(
          "FILE", options->file,
          "Trace or tensors (.safetensors), synthetic workload or batch (.json): a name or a file")
      ->required();
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &console] { inspect(*options, console.log); });
}

}  // namespace hdp
