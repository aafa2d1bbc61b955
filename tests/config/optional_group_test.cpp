// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/sample.hpp"
#include "config/schema_check.hpp"
#include <hdp/config/assign.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/walk.hpp>
#include <hdp/config/write.hpp>

namespace hdp::test {
namespace {

struct Stage {
  double threshold = 0.5;
  std::vector<std::int64_t> bits;
  bool operator==(const Stage&) const = default;
  static constexpr auto kFields =
      std::tuple{Field{&Stage::threshold, "threshold", "share", "Limit.", Range{0, 1, true}},
                 Field{&Stage::bits, "bits", "bits", "Of a chunk.", Range{1, 24}}};
};

struct Machine {
  std::int64_t seed = 1;
  OptionalGroup<Stage> stage;
  static constexpr auto kFields =
      std::tuple{Field{&Machine::seed, "seed", "", "Seed."},
                 Field{&Machine::stage, "stage", "", "A stage; null: there is none."}};
};

Machine machine_in(const std::string& text) {
  Machine machine;
  read_settings(machine, text, "m.json");
  return machine;
}

TEST(OptionalGroupTest, IsOffByDefaultAndWrittenNull) {
  EXPECT_FALSE(machine_in("{}").stage);
  EXPECT_EQ(write_settings(Machine{}), "{\n  \"seed\": 1,\n  \"stage\": null\n}\n");
}

TEST(OptionalGroupTest, AnObjectTurnsItOnAndNullOff) {
  EXPECT_EQ(machine_in(R"({"stage": {}})").stage, OptionalGroup(Stage{}));
  Machine machine = machine_in(R"({"stage": {"threshold": 0.25}})");
  EXPECT_EQ(machine.stage, OptionalGroup(Stage{.threshold = 0.25, .bits = {}}));
  read_settings(machine, R"({"stage": {"bits": [3]}})", "");
  EXPECT_EQ(machine.stage, OptionalGroup(Stage{.threshold = 0.25, .bits = {3}}));
  read_settings(machine, R"({"stage": null})", "");
  EXPECT_FALSE(machine.stage);
  read_settings(machine, R"({"stage": {}})", "");
  EXPECT_EQ(machine.stage, OptionalGroup(Stage{})) << "off forgets what was set";
}

TEST(OptionalGroupTest, IsWrittenAsItIsRead) {
  Machine machine;
  machine.stage = Stage{.threshold = 0.125, .bits = {4, 8}};
  const std::string text = write_settings(machine);
  EXPECT_EQ(text,
            "{\n  \"seed\": 1,\n  \"stage\": {\n    \"threshold\": 0.125,\n    \"bits\": [4, 8]\n"
            "  }\n}\n");
  EXPECT_EQ(write_settings(machine_in(text)), text);
}

TEST(OptionalGroupTest, IsSetFromTheCommandLine) {
  Machine machine;
  set_value(machine, "stage.threshold=0.25");
  EXPECT_EQ(machine.stage, OptionalGroup(Stage{.threshold = 0.25, .bits = {}}));
  set_value(machine, "stage=null");
  EXPECT_FALSE(machine.stage);
  set_value(machine, "stage={}");
  EXPECT_EQ(machine.stage, OptionalGroup(Stage{}));
}

TEST(OptionalGroupTest, AMistakeLeavesItOff) {
  Machine machine;
  EXPECT_EQ(error_of([&] { set_value(machine, "stage.threshold=1"); }),
            "stage.threshold: 1 is outside (0, 1) [share]");
  EXPECT_EQ(error_of([&] { set_value(machine, "stage.treshold=0.5"); }),
            "stage.treshold: no such setting; did you mean 'stage.threshold'?");
  EXPECT_EQ(error_of([&] { set_value(machine, "stage=on"); }),
            "stage: is a group; set one of its members, or give an object, null or @FILE; allowed: "
            "threshold, bits");
  EXPECT_FALSE(machine.stage);
  EXPECT_EQ(error_of([] { machine_in(R"({"stage": 1})"); }),
            "m.json: /stage: 1 is a number, expected a group or null; allowed: threshold, bits");
  EXPECT_EQ(error_of([] { machine_in(R"({"stage": {"bits": [0]}})"); }),
            "m.json: /stage/bits/0: 0 is outside [1, 24] [bits]");
}

TEST(OptionalGroupTest, IsASingleValueWhileItIsOff) {
  const auto values = [](Machine& machine) {
    std::string text;
    for_each_setting(bind(machine), [&](std::string_view path, const Setting& setting) {
      text += std::string(path) + "=" + value_text(setting) + " ";
    });
    return text;
  };
  Machine machine;
  EXPECT_EQ(values(machine), "seed=1 stage=null ");
  machine.stage = Stage{};
  EXPECT_EQ(values(machine), "seed=1 stage.threshold=0.5 stage.bits=[] ");
  EXPECT_NE(find_setting_at(bind(machine), "stage.bits"), nullptr);
}

TEST(OptionalGroupTest, TurningItOnIsAChange) {
  const std::vector<std::string> changes{"stage=null", "stage.threshold=0.5", "stage={}"};
  EXPECT_EQ(changes_of(Machine{}, changes), (std::vector<std::string>{changes[1], changes[2]}));
}

TEST(OptionalGroupTest, TheSchemaIsAsStrictAsTheReader) {
  const nlohmann::json schema = nlohmann::json::parse(write_schema<Machine>("a machine"));
  for (const char* good : {"{}", R"({"stage": null})", R"({"stage": {}})",
                           R"({"stage": {"threshold": 0.25, "bits": [1]}})"})
    EXPECT_TRUE(is_valid(nlohmann::json::parse(good), schema)) << good;
  for (const char* bad :
       {R"({"stage": 1})", R"({"stage": {"threshold": 1}})", R"({"stage": {"treshold": 0.5}})"})
    EXPECT_FALSE(is_valid(nlohmann::json::parse(bad), schema)) << bad;
  EXPECT_TRUE(schema["properties"]["stage"]["default"].is_null());
}

}  // namespace
}  // namespace hdp::test
