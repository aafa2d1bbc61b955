// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>

#include "run_command.hpp"
#include <hdp/base/output.hpp>

namespace hdp {
namespace {

constexpr std::array<std::string_view, 3> kFiles{"config.json", "report.txt", "report.json"};

}  // namespace

void check_outputs(const RunCommand& command) {
  if (!command.out.empty())
    for (const std::string_view file : kFiles)
      check_writable(std::filesystem::path(command.out) / file);
  if (!command.timeline.empty()) check_writable(command.timeline);
}

void write_outputs(const RunCommand& command, const std::string& config, const std::string& text,
                   const std::string& json) {
  if (command.out.empty()) return;
  const std::array<const std::string*, kFiles.size()> contents{&config, &text, &json};
  for (std::size_t i = 0; i < kFiles.size(); ++i)
    write_file(std::filesystem::path(command.out) / kFiles[i], *contents[i]);
}

}  // namespace hdp
