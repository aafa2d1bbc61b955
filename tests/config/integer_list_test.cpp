// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
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

using Integers = std::vector<std::int64_t>;

struct Chunks {
  Integers bits{4, 4, 4};
  static constexpr auto kFields =
      std::tuple{Field{&Chunks::bits, "bits", "bits", "Of every chunk.", Range{1, 24}}};
};

Integers integers_in(const std::string& value) {
  Chunks config;
  read_settings(config, R"({"bits": )" + value + "}", "c.json");
  return config.bits;
}

TEST(IntegerListTest, IsWrittenAsItIsRead) {
  for (const char* value : {"[]", "[24]", "[1, 3, 8]"}) {
    const Chunks config{.bits = integers_in(value)};
    EXPECT_EQ(write_settings(config), std::string("{\n  \"bits\": ") + value + "\n}\n");
  }
  EXPECT_EQ(integers_in("[1, 3, 8]"), (Integers{1, 3, 8}));
}

TEST(IntegerListTest, ATextReplacesTheWholeListAndNothingKeepsIt) {
  Chunks config;
  read_settings(config, "{}", "");
  EXPECT_EQ(config.bits, (Integers{4, 4, 4}));
  set_value(config, "bits=[2,10]");
  EXPECT_EQ(config.bits, (Integers{2, 10}));
}

TEST(IntegerListTest, MistakesNameTheElementAndChangeNothing) {
  EXPECT_EQ(error_of([] { integers_in("[4, 0]"); }),
            "c.json: /bits/1: 0 is outside [1, 24] [bits]");
  EXPECT_EQ(error_of([] { integers_in("[4.5]"); }),
            "c.json: /bits/0: 4.5 is not an integer [bits]");
  EXPECT_EQ(error_of([] { integers_in(R"([4, "8"])"); }),
            "c.json: /bits/1: \"8\" is text, expected an integer [bits]");
  EXPECT_EQ(error_of([] { integers_in("12"); }),
            "c.json: /bits: 12 is a number, expected a list of integers [bits]");
  Chunks config;
  EXPECT_EQ(error_of([&] { set_value(config, "bits=[2,25]"); }),
            "bits.1: 25 is outside [1, 24] [bits]");
  EXPECT_EQ(error_of([&] { set_value(config, "bits=4,8"); }),
            "bits: \"4,8\" is text, expected a list of integers [bits]");
  EXPECT_EQ(config.bits, (Integers{4, 4, 4}));
}

TEST(IntegerListTest, TheSchemaIsAsStrictAsTheReader) {
  const nlohmann::json schema = nlohmann::json::parse(write_schema<Chunks>("chunks"));
  for (const char* good : {"{}", R"({"bits": []})", R"({"bits": [1, 24]})"})
    EXPECT_TRUE(is_valid(nlohmann::json::parse(good), schema)) << good;
  for (const char* bad : {R"({"bits": 4})", R"({"bits": [0]})", R"({"bits": ["4"]})"})
    EXPECT_FALSE(is_valid(nlohmann::json::parse(bad), schema)) << bad;
  EXPECT_EQ(schema["properties"]["bits"]["default"], nlohmann::json::parse("[4, 4, 4]"));
}

}  // namespace
}  // namespace hdp::test
