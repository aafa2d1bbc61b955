// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <fmt/core.h>

#include "command.hpp"
#include <hdp/config/schema.hpp>
#include <hdp/machine/hdp_config.hpp>
#include <hdp/machine/spatten_config.hpp>
#include <hdp/machine/spatten_rtl_config.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/workload/spatten_generator.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

std::string schema_of(const std::string& kind) {
  if (kind == "machine") return write_schema<HdpConfig>("hdpsim machine");
  if (kind == "spatten") return write_schema<SpattenConfig>("hdpsim SpAtten machine");
  if (kind == "spatten_rtl") return write_schema<SpattenRtlConfig>("hdpsim SpAtten RTL");
  if (kind == "memory") return write_schema<DramConfig>("hdpsim memory");
  if (kind == "spatten_workload")
    return write_schema<SpattenGeneratorConfig>("hdpsim SpAtten workload");
  if (kind == "energy") return write_schema<EnergyTable>("hdpsim energy table");
  return write_schema<SyntheticConfig>("hdpsim synthetic workload");
}

}  // namespace

void add_schema(CLI::App& app) {
  auto kind = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("schema", "JSON Schema of a kind of configuration");
  command
      ->add_option("KIND", *kind,
                   "machine, spatten, spatten_rtl, memory, workload, spatten_workload or energy")
      ->required()
      ->check(CLI::IsMember({"machine", "spatten", "spatten_rtl", "memory", "workload",
                             "spatten_workload", "energy"}));
  command->callback([kind] { fmt::print("{}", schema_of(*kind)); });
}

}  // namespace hdp
