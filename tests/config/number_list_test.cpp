// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/sample.hpp"
#include "config/schema_check.hpp"
#include <hdp/config/assign.hpp>
#include <hdp/config/read.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/config/write.hpp>

namespace hdp::test {
namespace {

using Numbers = std::vector<double>;

struct Thresholds {
  Numbers threshold;
  static constexpr auto kFields =
      std::tuple{Field{&Thresholds::threshold, "threshold", "", "One, or several.", Range{-9, 9}}};
};

Numbers numbers_in(const std::string& value) {
  Thresholds config;
  read_settings(config, R"({"threshold": )" + value + "}", "c.json");
  return config.threshold;
}

TEST(NumberListTest, IsWrittenAsItIsRead) {
  for (const char* value : {"[]", "[2.5]", "[1.0, -3.25, 1e-07]"}) {
    const Thresholds config{.threshold = numbers_in(value)};
    EXPECT_EQ(write_settings(config), std::string("{\n  \"threshold\": ") + value + "\n}\n");
  }
  EXPECT_EQ(numbers_in("[1, -3.25]"), (Numbers{1, -3.25}));
}

TEST(NumberListTest, ANumberIsAListOfOne) {
  EXPECT_EQ(numbers_in("-2.5"), (Numbers{-2.5}));
  Thresholds config;
  set_value(config, "threshold=4");
  EXPECT_EQ(write_settings(config), "{\n  \"threshold\": [4.0]\n}\n");
  set_value(config, "threshold=[]");
  EXPECT_TRUE(config.threshold.empty());
}

TEST(NumberListTest, MistakesNameTheElementAndChangeNothing) {
  EXPECT_EQ(error_of([] { numbers_in("[4, 10]"); }), "c.json: /threshold/1: 10 is outside [-9, 9]");
  EXPECT_EQ(error_of([] { numbers_in("-10"); }), "c.json: /threshold: -10 is outside [-9, 9]");
  EXPECT_EQ(error_of([] { numbers_in(R"([4, "8"])"); }),
            "c.json: /threshold/1: \"8\" is text, expected a number");
  Thresholds config{.threshold = {1, 2}};
  EXPECT_EQ(error_of([&] { set_value(config, "threshold=4,8"); }),
            "threshold: \"4,8\" is text, expected a number or a list of numbers");
  EXPECT_EQ(config.threshold, (Numbers{1, 2}));
}

TEST(NumberListTest, TheSchemaIsAsStrictAsTheReader) {
  const nlohmann::json schema = nlohmann::json::parse(write_schema<Thresholds>("thresholds"));
  for (const char* good :
       {"{}", R"({"threshold": []})", R"({"threshold": 2.5})", R"({"threshold": [1, -2.5]})"})
    EXPECT_TRUE(is_valid(nlohmann::json::parse(good), schema)) << good;
  for (const char* bad : {R"({"threshold": 10})", R"({"threshold": [10]})",
                          R"({"threshold": ["4"]})", R"({"threshold": "4"})"})
    EXPECT_FALSE(is_valid(nlohmann::json::parse(bad), schema)) << bad;
}

}  // namespace
}  // namespace hdp::test
