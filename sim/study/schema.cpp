// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/study/baseline_file.hpp>
#include <hdp/study/schema.hpp>
#include <hdp/study/sweep/file.hpp>
#include <hdp/workload/schemas.hpp>

namespace hdp {
namespace {

constexpr std::string_view kEveryKind = "machine";

constexpr std::array<FileSchema, 4> kTables{
    {{"memory", [] { return write_schema<DramConfig>("hdpsim memory"); }},
     {"energy", [] { return write_schema<EnergyTable>("hdpsim energy table"); }},
     {"sweep", sweep_schema},
     {"baseline", baseline_schema}}};

/// A file is a machine if it is one of some kind.
std::string every_kind(Kinds kinds) {
  Fact::List schemas;
  for (const MachineKind* kind : kinds) {
    Facts schema = *parse_facts(kind->schema(), kind->name()).as<Facts>();
    schema.erase("$schema");
    schemas.emplace_back(std::move(schema));
  }
  return facts_text(Facts{{"$schema", "http://json-schema.org/draft-07/schema#"},
                          {"title", "hdpsim machine"},
                          {"anyOf", std::move(schemas)}},
                    2);
}

}  // namespace

std::vector<std::string> schema_names(Kinds kinds) {
  std::vector<std::string> names{std::string(kEveryKind)};
  for (const MachineKind* kind : kinds) names.emplace_back(kind->name());
  for (const FileSchema& table : kTables) names.emplace_back(table.name);
  for (const FileSchema& file : workload_schemas()) names.emplace_back(file.name);
  return names;
}

std::string schema(const std::string& name, Kinds kinds) {
  if (name == kEveryKind) return every_kind(kinds);
  for (const MachineKind* kind : kinds)
    if (kind->name() == name) return kind->schema();
  for (const FileSchema& table : kTables)
    if (table.name == name) return table.text();
  for (const FileSchema& file : workload_schemas())
    if (file.name == name) return file.text();
  const std::vector<std::string> known = schema_names(kinds);
  refuse(name, "no such schema", fmt::format("{}", fmt::join(known, ", ")),
         nearest_name(name, std::vector<std::string_view>(known.begin(), known.end())));
}

}  // namespace hdp
