// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "config/arbitrary_sample.hpp"
#include "config/sample.hpp"
#include "config/schema_check.hpp"
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/write.hpp>

namespace hdp::test {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> kKinds{"hdp", "dense"};
constexpr std::array<TextKey, 2> kOthers{
    {{"kind", "Which machine.", kKinds}, {"name", "What people call it."}}};

const std::string& schema_text() {
  static const std::string text = write_schema<Sample>("A sample", kOthers);
  return text;
}

bool accepts(const json& document) { return is_valid(document, json::parse(schema_text())); }

TEST(SchemaTest, APropertySaysAllThatTheTableSays) {
  const json schema = json::parse(schema_text());
  EXPECT_EQ(schema["$schema"], "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(schema["title"], "A sample");
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_FALSE(schema.contains("required"));
  const json& core = schema["properties"]["core"];
  EXPECT_EQ(core["additionalProperties"], false);
  EXPECT_EQ(core["description"], "A core.");
  EXPECT_EQ(core["properties"]["pe_array"]["properties"]["rows"], json::parse(R"({
      "description": "Rows of PEs. [PEs]", "type": "integer", "minimum": 1, "maximum": 1024,
      "default": 16})"));
  EXPECT_EQ(core["properties"]["rho"], json::parse(R"({
      "description": "Position of the threshold.", "type": "number", "exclusiveMinimum": -1,
      "exclusiveMaximum": 1, "default": 0.5})"));
  EXPECT_EQ(core["properties"]["map"], json::parse(R"({
      "description": "Rows to banks.", "enum": ["stripe", "block", "hash"], "default": "block"})"));
  EXPECT_EQ(schema["properties"]["budget"], json::parse(R"({
      "description": "Longest run. [cycles]", "default": "auto",
      "anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}]})"));
}

TEST(SchemaTest, TheDefaultsAreThoseOfTheStruct) {
  Sample sample;
  sample.seed = 11;
  const json schema = json::parse(write_schema(bind(sample), "A sample"));
  EXPECT_EQ(schema["properties"]["seed"]["default"], 11);
}

TEST(SchemaTest, KeysOfOthersStandAtTheTop) {
  EXPECT_TRUE(accepts({{"$schema", "x"}, {"kind", "hdp"}, {"name", "anything"}}));
  EXPECT_FALSE(accepts({{"kind", "hpd"}}));
  EXPECT_FALSE(accepts({{"core", {{"kind", "hdp"}}}}));
}

RC_GTEST_PROP(SchemaTest, AcceptsEveryWrittenConfiguration, ()) {
  RC_ASSERT(accepts(json::parse(write_settings(arbitrary_sample()))));
}

TEST(SchemaTest, RejectsWhatTheReaderRejects) {
  for (const std::string text :
       {R"({"seed": "a"})", R"({"seed": 1.5})", R"({"lable": "x"})", R"({"core": 1})",
        R"({"core": {"rho": 1}})", R"({"core": {"rho": -1}})", R"({"core": {"map": "x"}})",
        R"({"budget": "none"})", R"({"budget": 0})", R"({"clock": 0})", R"({"label": null})",
        R"({"core": {"pe_array": {"rows": 1025}}})", R"({"core": {"pe_array": {"fused": 1}}})"}) {
    Sample sample;
    EXPECT_THROW(read_settings(sample, text, ""), UserError) << text;
    EXPECT_FALSE(accepts(json::parse(text))) << text;
  }
}

TEST(SchemaTest, AcceptsTheEndsThatTheReaderAccepts) {
  for (const std::string text :
       {R"({"core": {"pe_array": {"rows": 1}}})", R"({"core": {"pe_array": {"rows": 1024}}})",
        R"({"clock": 0.001})", R"({"clock": 10000})", R"({"budget": 1})", R"({})"}) {
    Sample sample;
    EXPECT_NO_THROW(read_settings(sample, text, "")) << text;
    EXPECT_TRUE(accepts(json::parse(text))) << text;
  }
}

}  // namespace
}  // namespace hdp::test
