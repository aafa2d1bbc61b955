// SPDX-License-Identifier: Apache-2.0
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/config/facts_text.hpp>
#include <hdp/study/sweep/file.hpp>

namespace hdp {
namespace {

Facts described(Facts schema, const char* doc) {
  schema.set("description", doc);
  return schema;
}

Facts object(const Facts& properties, const std::vector<std::string>& required) {
  return {{"type", "object"},
          {"properties", properties},
          {"required", required},
          {"additionalProperties", false}};
}

Facts one_or_more_names(const char* doc) {
  const Facts text{{"type", "string"}};
  return described(
      {{"anyOf", Fact::List{text, Facts{{"type", "array"}, {"items", text}, {"minItems", 1}}}}},
      doc);
}

Fact::List words_of(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

Facts listed_axis() {
  return object({{"path", described({{"type", "string"}},
                                    "The setting, as --set takes it; "
                                    "workload.NAME is one of the workload.")},
                 {"values", described({{"type", "array"}, {"minItems", 1}, {"uniqueItems", true}},
                                      "Its values.")}},
                {"path", "values"});
}

Facts spanned_axis() {
  return object(
      {{"path", Facts{{"type", "string"}}},
       {"from", described({{"type", "number"}}, "The first value.")},
       {"to", described({{"type", "number"}},
                        "The last value; where both ends are whole numbers, so are all values.")},
       {"count", described({{"type", "integer"}, {"minimum", 1}, {"maximum", 1'000'000}},
                           "How many values; may be left out where a sample is drawn.")},
       {"scale", described({{"enum", Fact::List{"linear", "log"}}, {"default", "linear"}},
                           "How they lie.")}},
      {"path", "from", "to"});
}

Facts input_list() {
  const Facts text{{"type", "string"}};
  return {{"type", "array"},
          {"items", object({{"name", text}, {"sha256", text}}, {"name", "sha256"})}};
}

Facts sample() {
  return described(
      object({{"method", Facts{{"enum", words_of(EnumNames<SampleMethod>::kNames)}}},
              {"count", described({{"type", "integer"}, {"minimum", 1}, {"maximum", 10'000'000}},
                                  "Points of a machine and workload; not for a grid.")},
              {"seed", described({{"type", "integer"}, {"minimum", 0}, {"default", 0}},
                                 "Not for a grid.")}},
             {"method"}),
      "How points are chosen; without it, a grid of all combinations.");
}

}  // namespace

std::string sweep_schema() {
  const Fact axis = Facts{{"$ref", "#/definitions/axis"}};
  const Facts zipped =
      object({{"zip", described({{"type", "array"}, {"items", axis}, {"minItems", 2}},
                                "Settings that move together: as many values in each.")}},
             {"zip"});
  const Facts file = object(
      {{"$schema", Facts{{"type", "string"}}},
       {"format", Facts{{"const", "sweep-1"}}},
       {"machine", one_or_more_names("Machines: names, or files from this one's folder.")},
       {"workload", one_or_more_names("Workloads, likewise.")},
       {"set", described({{"type", "object"}}, "Settings of all points: values by path.")},
       {"baseline", described({{"type", "string"}, {"default", "same"}},
                              "What ratios are over: same, none, or a machine.")},
       {"fidelity", described({{"type", "boolean"}, {"default", true}},
                              "Compare outputs with dense attention, where it can be.")},
       {"axes", described({{"type", "array"}, {"items", axis}}, "What varies.")},
       {"sample", sample()},
       {"made_from", described(object({{"hdpsim", Facts{{"type", "string"}}},
                                       {"machines", input_list()},
                                       {"workloads", input_list()}},
                                      {"hdpsim", "machines", "workloads"}),
                               "Of a file that a sweep wrote: machines and workloads must still be "
                               "these.")}},
      {"machine", "workload"});
  Facts schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "hdpsim sweep"}};
  schema.update(file);
  schema.set("definitions",
             Facts{{"axis", Facts{{"anyOf", Fact::List{listed_axis(), spanned_axis(), zipped}}}}});
  return facts_text(schema, 2);
}

}  // namespace hdp
