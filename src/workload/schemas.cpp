// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <hdp/config/facts_text.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/workload/schemas.hpp>
#include <hdp/workload/spatten_generator.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

/// A synthetic trace, or a batch of such and of names and files.
std::string workload_schema() {
  Facts synthetic = *parse_facts(write_schema<SyntheticConfig>(""), "").as<Facts>();
  const Fact draft = *synthetic.find("$schema");
  for (const char* of_a_file : {"$schema", "title"}) synthetic.erase(of_a_file);
  const Facts name{{"description", "A trace: a name, or a file from this file's folder on."},
                   {"type", "string"}};
  Facts settings = synthetic, properties = *synthetic.find("properties")->as<Facts>();
  const Fact schema = *properties.find("$schema");
  properties.erase("$schema");
  settings.set("properties", std::move(properties));
  const Facts batch{{"description", "Sequences side by side, of one model and one stage."},
                    {"type", "array"},
                    {"items", Facts{{"anyOf", Fact::List{name, std::move(settings)}}}},
                    {"minItems", 1}};
  const Facts of_batch{{"type", "object"},
                       {"additionalProperties", false},
                       {"properties", Facts{{"$schema", schema}, {"batch", batch}}},
                       {"required", Fact::List{"batch"}}};
  return facts_text(Facts{{"$schema", draft},
                          {"title", "hdpsim workload"},
                          {"anyOf", Fact::List{std::move(synthetic), of_batch}}},
                    2);
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
