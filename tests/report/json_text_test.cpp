// SPDX-License-Identifier: Apache-2.0
#include "report/json_text.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace hdp {
namespace {

Int128 power_of_two(int exponent) { return Int128{1} << exponent; }

TEST(JsonTextTest, IntegersOfAnySizeAreWrittenOutInFull) {
  const auto written = [](Int128 value) { return json_text(exact_integer(value), -1); };
  EXPECT_EQ(written(0), "0\n");
  EXPECT_EQ(written(power_of_two(63) - 1), "9223372036854775807\n");
  EXPECT_EQ(written(power_of_two(64) - 1), "18446744073709551615\n");
  EXPECT_EQ(written(power_of_two(64)), "18446744073709551616\n");
  EXPECT_EQ(written(power_of_two(126)), "85070591730234615865843651857942052864\n");
  EXPECT_EQ(written(-power_of_two(63)), "-9223372036854775808\n");
  EXPECT_EQ(written(-power_of_two(63) - 1), "-9223372036854775809\n");
}

TEST(JsonTextTest, TheLayoutIsThatOfTheLibrary) {
  const Json json = {
      {"b", {1, 2.5, {{"deep", nullptr}}}}, {"a", Json::object()}, {"c", Json::array()},
      {"text", "\"quoted\"\n\u00e9"},       {"d", {{"x", true}}},  {"double", 0.1}};
  for (const int indent : {-1, 0, 1, 2})
    EXPECT_EQ(json_text(json, indent), json.dump(indent) + "\n");
}

TEST(JsonTextTest, ALargeIntegerStandsAmongOtherValues) {
  EXPECT_EQ(json_text({{"sum", exact_integer(power_of_two(64))}, {"after", "x"}}, 1),
            "{\n \"sum\": 18446744073709551616,\n \"after\": \"x\"\n}\n");
}

TEST(JsonTextTest, NoTextIsTakenForAnInteger) {
  const Json names = {"exact integer:5", "binary:5"};
  EXPECT_EQ(json_text(names, -1), "[\"exact integer:5\",\"binary:5\"]\n");
}

TEST(JsonTextTest, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(json_text({{"a\xff", "b\xfe"}}, -1), "{\"a\xEF\xBF\xBD\":\"b\xEF\xBF\xBD\"}\n");
}

}  // namespace
}  // namespace hdp
