// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "command.hpp"
#include <hdp/base/one_line.hpp>
#include <hdp/study/list.hpp>

namespace hdp {
namespace {

void list_command(const std::string& folder, const Log& log) {
  const std::vector<ListLine> lines = list(configurations(log), folder);
  std::size_t width = 0;
  for (const ListLine& line : lines) width = std::max(width, line.name.size());
  for (const ListLine& line : lines)
    fmt::print("{:<{}}  {}\n", one_line(line.name), width, one_line(line.text));
}

}  // namespace

void add_list(CLI::App& app, Console& console) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("list", "The configurations that are known by name");
  command->add_option("WHAT", *folder, fmt::format("{}", fmt::join(list_names(), ", ")))
      ->required();
  command->callback([folder, &console] { list_command(*folder, console.log); });
}

}  // namespace hdp
