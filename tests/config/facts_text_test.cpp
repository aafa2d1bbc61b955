// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>

namespace hdp {
namespace {

Int128 power_of_two(int exponent) { return Int128{1} << exponent; }

TEST(FactsTextTest, IntegersOfAnySizeAreWrittenOutInFull) {
  const auto written = [](Int128 value) { return facts_text(value, -1); };
  EXPECT_EQ(written(0), "0\n");
  EXPECT_EQ(written(power_of_two(63) - 1), "9223372036854775807\n");
  EXPECT_EQ(written(power_of_two(64) - 1), "18446744073709551615\n");
  EXPECT_EQ(written(power_of_two(64)), "18446744073709551616\n");
  EXPECT_EQ(written(power_of_two(126)), "85070591730234615865843651857942052864\n");
  EXPECT_EQ(written(-power_of_two(63)), "-9223372036854775808\n");
  EXPECT_EQ(written(-power_of_two(63) - 1), "-9223372036854775809\n");
}

TEST(FactsTextTest, TheLayoutIsThatOfTheJsonLibrary) {
  const Facts facts{{"b", Fact::List{1, 2.5, Facts{{"deep", nullptr}}}},
                    {"a", Facts{}},
                    {"c", Fact::List{}},
                    {"text", "\"quoted\"\n\u00e9"},
                    {"d", Facts{{"x", true}}},
                    {"double", 0.1}};
  for (const int indent : {-1, 0, 1, 2}) {
    const std::string text = facts_text(facts, indent);
    EXPECT_EQ(text, nlohmann::ordered_json::parse(text).dump(indent) + "\n");
  }
}

TEST(FactsTextTest, WhatIsNotUtf8IsReplacedAndWhatIsNotFiniteIsNull) {
  EXPECT_EQ(facts_text(Facts{{"a\xff", "b\xfe"}}, -1), "{\"a\xEF\xBF\xBD\":\"b\xEF\xBF\xBD\"}\n");
  EXPECT_EQ(facts_text(1e308 * 10, -1), "null\n");
}

TEST(FactsTextTest, ReadingGivesBackWhatWasWritten) {
  const Fact facts = Facts{{"list", std::vector<std::int64_t>{3, -4}},
                           {"none", std::optional<double>()},
                           {"share", 0.25},
                           {"five", 5.0},
                           {"word", "x"}};
  EXPECT_EQ(parse_facts(facts_text(facts), ""), facts);
}

TEST(FactsTextTest, AnIntegerBeyond64BitsIsReadAsTheNumberItIs) {
  EXPECT_EQ(parse_facts("18446744073709551615", ""), Fact((Int128{1} << 64U) - 1));
  EXPECT_EQ(parse_facts("18446744073709551616", ""), Fact(0x1p64));
  EXPECT_EQ(parse_facts("-9223372036854775809", ""), Fact(-0x1p63));
  EXPECT_EQ(parse_facts(std::string(300, '1'), "").number(), 1.1111111111111112e299);
}

TEST(FactsTextTest, MistakesNameThePlace) {
  for (const char* text : {"{\"a\": 1, \"a\": 2}", "[1, 2", "{\"a\": 1} x", ""})
    EXPECT_THROW((void)parse_facts(text, "file"), UserError) << text;
  EXPECT_THROW((void)parse_facts(std::string(100'000, '['), "file"), UserError);
}

TEST(FactsTest, NamesKeepTheirPlaces) {
  Facts facts{{"a", 1}, {"b", 2}};
  facts.set("a", 3);
  facts.set("c", 4);
  EXPECT_EQ(facts, (Facts{{"a", 3}, {"b", 2}, {"c", 4}}));
  facts.update({{"b", 5}, {"d", 6}});
  EXPECT_EQ(facts, (Facts{{"a", 3}, {"b", 5}, {"c", 4}, {"d", 6}}));
  facts.erase("a");
  EXPECT_EQ(facts.find("a"), nullptr);
  EXPECT_EQ(*facts.find("d"), Fact(6));
}

}  // namespace
}  // namespace hdp
