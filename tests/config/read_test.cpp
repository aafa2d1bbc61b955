// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "config/sample.hpp"
#include <hdp/config/read.hpp>

namespace hdp::test {
namespace {

Sample read(std::string_view text, const ReadScope& scope = {}) {
  Sample sample;
  read_settings(sample, text, "m.json", scope);
  return sample;
}

std::string mistake_of(std::string_view text) {
  return error_of([&] { read(text); });
}

TEST(ReadTest, AbsentKeysKeepTheirDefaults) {
  EXPECT_EQ(read("{}"), Sample{});
  Sample want;
  want.core.pe_array.rows = 3;
  EXPECT_EQ(read(R"({"core": {"pe_array": {"rows": 3}}})"), want);
}

TEST(ReadTest, EveryKindOfValueIsRead) {
  const Sample sample = read(R"({"$schema": "x", "label": "a\"b", "seed": -9223372036854775808,
      "budget": 7, "clock": 1e3,
      "core": {"rho": 0, "map": "hash", "pe_array": {"fused": false}}})");
  EXPECT_EQ(sample.label, "a\"b");
  EXPECT_EQ(sample.seed, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(sample.budget, 7);
  EXPECT_EQ(sample.clock, 1000.0);
  EXPECT_EQ(sample.core.rho, 0.0);
  EXPECT_EQ(sample.core.map, Map::Hash);
  EXPECT_FALSE(sample.core.pe_array.fused);
}

TEST(ReadTest, AutoEmptiesAnOptional) {
  Sample sample;
  sample.budget = 5;
  read_settings(sample, R"({"budget": "auto"})", "m.json");
  EXPECT_EQ(sample.budget, std::nullopt);
}

TEST(ReadTest, AnUnknownKeyNamesItsPathAndTheNearest) {
  EXPECT_EQ(mistake_of(R"({"core": {"pe_array": {"rowz": 1}}})"),
            "m.json: /core/pe_array/rowz: no such setting; did you mean 'rows'?");
  EXPECT_EQ(mistake_of(R"({"core": {"$schema": ""}})"), "m.json: /core/$schema: no such setting");
  EXPECT_EQ(mistake_of(R"({"qqqqqqqqqqqq/~": ""})"), "m.json: /qqqqqqqqqqqq~1~0: no such setting");
}

TEST(ReadTest, AWrongTypeSaysWhatStandsThere) {
  EXPECT_EQ(mistake_of(R"({"seed": "many"})"),
            R"(m.json: /seed: "many" is text, expected an integer)");
  EXPECT_EQ(mistake_of(R"({"seed": 5.0})"), "m.json: /seed: 5.0 is not an integer");
  EXPECT_EQ(mistake_of(R"({"seed": 1e30})"), "m.json: /seed: 1e30 is not an integer");
  EXPECT_EQ(mistake_of(R"({"clock": true})"),
            "m.json: /clock: true is a truth value, expected a number [MHz]");
  EXPECT_EQ(mistake_of(R"({"label": null})"), "m.json: /label: null is no value, expected text");
  EXPECT_EQ(mistake_of(R"({"core": {"pe_array": {"fused": 1}}})"),
            "m.json: /core/pe_array/fused: 1 is a number, expected true or false");
  EXPECT_EQ(mistake_of(R"({"core": [1]})"),
            "m.json: /core: [...] is a list, expected a group; allowed: pe_array, rho, map");
  EXPECT_EQ(mistake_of(R"({"budget": "all"})"),
            R"(m.json: /budget: "all" is text, expected an integer or "auto" [cycles])");
  EXPECT_EQ(mistake_of(R"({"core": {"map": 1}})"),
            "m.json: /core/map: 1 is a number, expected a word; allowed: stripe, block, hash");
  EXPECT_EQ(mistake_of("5"),
            "m.json: 5 is a number, expected a group; allowed: label, seed, budget, clock, core");
}

TEST(ReadTest, AValueOutOfRangeNamesUnitAndRange) {
  EXPECT_EQ(mistake_of(R"({"core": {"pe_array": {"rows": 0}}})"),
            "m.json: /core/pe_array/rows: 0 is outside [1, 1024] [PEs]");
  EXPECT_EQ(mistake_of(R"({"core": {"pe_array": {"rows": 18446744073709551616}}})"),
            "m.json: /core/pe_array/rows: 18446744073709551616 is outside [1, 1024] [PEs]");
  EXPECT_EQ(mistake_of(R"({"core": {"rho": -1}})"), "m.json: /core/rho: -1 is outside (-1, 1)");
  EXPECT_EQ(mistake_of(R"({"core": {"rho": 1.0}})"), "m.json: /core/rho: 1.0 is outside (-1, 1)");
  EXPECT_EQ(mistake_of(R"({"budget": 0})"), "m.json: /budget: 0 is outside [1, inf) [cycles]");
  EXPECT_EQ(mistake_of(R"({"clock": 10000.5})"),
            "m.json: /clock: 10000.5 is outside [0.001, 10000] [MHz]");
}

TEST(ReadTest, BothEndsOfAClosedRangeBelongToIt) {
  EXPECT_EQ(read(R"({"core": {"pe_array": {"rows": 1}}})").core.pe_array.rows, 1);
  EXPECT_EQ(read(R"({"core": {"pe_array": {"rows": 1024}}})").core.pe_array.rows, 1024);
  EXPECT_EQ(mistake_of(R"({"core": {"pe_array": {"rows": 1025}}})"),
            "m.json: /core/pe_array/rows: 1025 is outside [1, 1024] [PEs]");
}

TEST(ReadTest, AnIntegerThatDoesNotFitIsNotWrapped) {
  EXPECT_EQ(read(R"({"seed": 9223372036854775807})").seed,
            std::numeric_limits<std::int64_t>::max());
  for (const std::string number : {"9223372036854775808", "18446744073709551615",
                                   "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_EQ(mistake_of("{\"seed\": " + number + "}"),
              "m.json: /seed: " + number + " does not fit a 64-bit integer");
  }
}

TEST(ReadTest, AnUnknownWordListsTheChoices) {
  EXPECT_EQ(mistake_of(R"({"core": {"map": "strip"}})"),
            R"(m.json: /core/map: "strip" is no choice; allowed: stripe, block, hash; )"
            "did you mean 'stripe'?");
}

TEST(ReadTest, TheFirstMistakeOfTheFileIsReported) {
  EXPECT_EQ(mistake_of(R"({"seed": "a", "lable": 1})"),
            R"(m.json: /seed: "a" is text, expected an integer)");
  EXPECT_EQ(mistake_of(R"({"lable": 1, "seed": "a"})"),
            "m.json: /lable: no such setting; did you mean 'label'?");
}

TEST(ReadTest, KeysOfOthersAreIgnoredAtTheTopOnly) {
  static constexpr std::array<std::string_view, 2> kOthers{"kind", "name"};
  const ReadScope scope{.ignored = kOthers};
  EXPECT_EQ(read(R"({"kind": "hdp", "name": [1], "seed": 3})", scope).seed, 3);
  EXPECT_EQ(error_of([&] { read(R"({"core": {"kind": 1}})", scope); }),
            "m.json: /core/kind: no such setting");
  EXPECT_EQ(error_of([&] { read(R"({"kinds": 1})", scope); }),
            "m.json: /kinds: no such setting; did you mean 'kind'?");
}

TEST(ReadTest, AScopeReadsAnObjectInside) {
  const ReadScope scope{.at = "/machine/hdp"};
  EXPECT_EQ(read(R"({"machine": {"hdp": {"seed": 3}, "x": 0}, "y": 0})", scope).seed, 3);
  EXPECT_EQ(read(R"({"machine": {}})", scope), Sample{});
  EXPECT_EQ(error_of([&] { read(R"({"machine": {"hdp": {"sed": 3}}})", scope); }),
            "m.json: /machine/hdp/sed: no such setting; did you mean 'seed'?");
  EXPECT_EQ(error_of([&] { read(R"({"machine": 1})", scope); }),
            "m.json: /machine: 1 is a number, expected a group");
}

TEST(PeekTest, FindsTextAtTheTop) {
  EXPECT_EQ(peek_text(R"({"a": {"kind": "no"}, "kind": "hdp"})", "kind", "m.json"), "hdp");
  EXPECT_EQ(peek_text(R"({"a": {"kind": "no"}})", "kind", "m.json"), std::nullopt);
  EXPECT_EQ(error_of([] { (void)peek_text(R"({"kind": 3})", "kind", "m.json"); }),
            "m.json: /kind: 3 is a number, expected text");
  EXPECT_EQ(error_of([] { (void)peek_text("[]", "kind", "m.json"); }),
            "m.json: [...] is a list, expected a group");
}

}  // namespace
}  // namespace hdp::test
