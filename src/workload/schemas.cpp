// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <hdp/config/facts_text.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/workload/encoder.hpp>
#include <hdp/workload/schemas.hpp>
#include <hdp/workload/spatten_generator.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

/// Of settings, without what only a file has at its top.
template <class Config>
Facts settings_schema(bool inside) {
  Facts settings = *parse_facts(write_schema<Config>(""), "").template as<Facts>();
  for (const char* of_a_file : {"$schema", "title"}) settings.erase(of_a_file);
  if (!inside) return settings;
  Facts properties = *settings.find("properties")->template as<Facts>();
  properties.erase("$schema");
  settings.set("properties", std::move(properties));
  return settings;
}

/// A file with one key.
Facts file_of(const std::string& key, const Fact& schema, Facts value) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", Facts{{"$schema", schema}, {key, std::move(value)}}},
          {"required", Fact::List{key}}};
}

/// A synthetic trace, a batch of such and of names and files, or a synthetic encoder.
std::string workload_schema() {
  const Facts file = *parse_facts(write_schema<SyntheticConfig>(""), "").as<Facts>();
  const Fact schema = *file.find("properties")->as<Facts>()->find("$schema");
  const Facts name{{"description", "A trace: a name, or a file from this file's folder on."},
                   {"type", "string"}};
  const Facts batch{
      {"description", "Sequences side by side, of one model and one stage."},
      {"type", "array"},
      {"items", Facts{{"anyOf", Fact::List{name, settings_schema<SyntheticConfig>(true)}}}},
      {"minItems", 1}};
  const Fact::List files{settings_schema<SyntheticConfig>(false), file_of("batch", schema, batch),
                         file_of("encoder", schema, settings_schema<SyntheticEncoderConfig>(true))};
  return facts_text(
      Facts{{"$schema", *file.find("$schema")}, {"title", "hdpsim workload"}, {"anyOf", files}}, 2);
}

}  // namespace

std::span<const FileSchema> workload_schemas() {
  static constexpr std::array<FileSchema, 2> kSchemas{
      {{"workload", workload_schema},
       {"spatten_workload",
        [] { return write_schema<SpattenGeneratorConfig>("hdpsim SpAtten workload"); }}}};
  return kSchemas;
}

}  // namespace hdp
