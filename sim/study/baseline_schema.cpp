// SPDX-License-Identifier: Apache-2.0
#include <hdp/config/facts_text.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp {
namespace {

Facts text(std::string_view doc) {
  return {{"description", doc}, {"type", "string"}, {"minLength", 1}};
}

/// A group of any names, each with a value of `schema`.
Facts map_of(std::string_view doc, const Fact& schema) {
  return {{"description", doc}, {"type", "object"}, {"additionalProperties", schema}};
}

Facts settings() {
  Facts schema =
      map_of("Settings of the machine: a dotted path, and the value, as --set has them.", Facts{});
  schema.set("propertyNames", Facts{{"pattern", "^[^=]+$"}});
  return schema;
}

Facts strict(Facts properties, const Fact::List& required) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"required", required}};
}

Facts case_schema() {
  return strict({{"name", text("What lines of a check begin with; no two cases have one.")},
                 {"machine", text("A name, or a file from this file's folder on.")},
                 {"workload", text("A name, or a file from this file's folder on.")},
                 {"set", settings()},
                 {"expect", map_of("Dotted path of a number in the report, and that number.",
                                   Facts{{"type", "number"}})}},
                {"name", "machine", "workload", "expect"});
}

}  // namespace

std::string baseline_schema() {
  Facts schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
               {"title", "hdpsim baseline"}};
  schema.update(strict(
      {{"$schema", Facts{{"type", "string"}}},
       {"format", Facts{{"const", "baseline-1"}}},
       {"tolerance",
        map_of("How far a key, or every key of a group, may move: a share of what is expected.",
               Facts{{"type", "number"}, {"minimum", 0}})},
       {"cases", Facts{{"type", "array"}, {"items", case_schema()}}}},
      {"format", "cases"}));
  return facts_text(schema, 2);
}

}  // namespace hdp
