// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "command.hpp"
#include <hdp/study/schema.hpp>

namespace hdp {

void add_schema(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("schema", "JSON Schema of a kind of configuration");
  command->add_option("KIND", *name, fmt::format("{}", fmt::join(schema_names(), ", ")))
      ->required();
  command->callback([name] { fmt::print("{}", schema(*name)); });
}

}  // namespace hdp
