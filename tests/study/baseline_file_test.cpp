// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp {
namespace {

const std::string kText = R"({
    "$schema": "s.json",
    "format": "baseline-1",
    "tolerance": {"energy_pj": 1e-2, "memory.row_hits": 0.10},
    "cases": [
        { "name": "one", "machine": "m", "workload": "w.csv",
          "set": {"prune.rho": 0.50, "memory.model": "ideal"},
          "expect": { "cycles": 100, "memory.row_hits": 7,
                      "energy_pj.total": 1.5 } },
        { "name": "two", "machine": "n.json", "workload": "v", "expect": {"cycles": 5} }
    ]
}
)";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = kText;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string mistake_in(const std::string& text) {
  try {
    (void)read_baseline(text, "b.json");
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "";
}

CheckResults unchanged() { return {{.name = "one", .values = 3}, {.name = "two", .values = 1}}; }

TEST(BaselineFileTest, IsPlainData) {
  const BaselineFile file = read_baseline(kText, "b.json");
  ASSERT_EQ(file.cases.size(), 2U);
  const BaselineCase& one = file.cases[0];
  EXPECT_EQ(one.name + one.machine + one.workload, "onemw.csv");
  EXPECT_EQ(one.set, (Facts{{"prune.rho", 0.5}, {"memory.model", "ideal"}}));
  EXPECT_EQ(one.expect, (Facts{{"cycles", 100}, {"memory.row_hits", 7}, {"energy_pj.total", 1.5}}));
  EXPECT_TRUE(file.cases[1].set.empty());
  EXPECT_TRUE(file.has_case("two"));
  EXPECT_FALSE(file.has_case("three"));
}

TEST(BaselineFileTest, TheToleranceOfTheClosestGroupCounts) {
  BaselineFile file;
  file.tolerance = {{"memory", 0.1}, {"memory.load.bus", 0.2}, {"memory.load", 0}};
  EXPECT_EQ(file.tolerance_of("memory.reads"), 0.1);
  EXPECT_EQ(file.tolerance_of("memory.load.bus"), 0.2);
  EXPECT_EQ(file.tolerance_of("memory.load.other"), 0);
  EXPECT_EQ(file.tolerance_of("memory_else"), 0);
}

TEST(BaselineFileTest, EveryMistakeHasItsPlaceAndTheNearestName) {
  EXPECT_EQ(mistake_in(kText), "");
  EXPECT_EQ(mistake_in("[]"), "b.json: []; allowed: a JSON object");
  EXPECT_EQ(mistake_in("{}"), "b.json: /format: is missing");
  EXPECT_EQ(mistake_in(changed("baseline-1", "baseline-2")),
            "b.json: /format: is baseline-2; allowed: baseline-1");
  EXPECT_EQ(mistake_in(changed("\"tolerance\"", "\"tolerence\"")),
            "b.json: /tolerence: no such key; allowed: $schema, format, tolerance, cases; did "
            "you mean 'tolerance'?");
  EXPECT_EQ(mistake_in(changed("\"set\"", "\"sett\"")),
            "b.json: /cases/0/sett: no such key; allowed: name, machine, workload, set, "
            "expect; did you mean 'set'?");
  EXPECT_EQ(mistake_in(changed("\"machine\": \"n.json\", ", "")),
            "b.json: /cases/1/machine: is missing");
  EXPECT_EQ(mistake_in(changed("\"two\"", "\"one\"")),
            "b.json: /cases/1/name: two cases are called one");
  EXPECT_EQ(mistake_in(changed("\"two\"", "\"t\\nwo\"")),
            "b.json: /cases/1/name: holds control characters; allowed: one line of printable text");
  EXPECT_EQ(mistake_in(changed("\"two\"", "2")), "b.json: /cases/1/name: 2; allowed: text");
  EXPECT_EQ(mistake_in(changed("{\"cycles\": 5}", "{\"cycles\": \"5\"}")),
            "b.json: /cases/1/expect/cycles: is no number; allowed: a number");
  EXPECT_EQ(mistake_in(changed("{\"cycles\": 5}", "[5]")),
            "b.json: /cases/1/expect: is no object; allowed: {key: number}");
  EXPECT_EQ(mistake_in(changed("prune.rho", "prune.rho=")),
            "b.json: /cases/0/set/prune.rho=: is no path of a setting; allowed: a path such as "
            "prune.rho");
  EXPECT_EQ(mistake_in(changed("0.10", "-0.1")),
            "b.json: /tolerance/memory.row_hits: is no relative tolerance; allowed: a number from "
            "0, 0.01 for 1 %");
  EXPECT_EQ(mistake_in(changed("{\"energy_pj\"", "{\"memory.row_hit\"")),
            "b.json: /tolerance/memory.row_hit: no case expects such a key, nor one below it; did "
            "you mean 'memory.row_hits'?");
  EXPECT_EQ(mistake_in(R"({"format": "baseline-1", "cases": {}})"),
            "b.json: /cases: {}; allowed: a list");
}

TEST(BaselineFileTest, ToleranceMayComeBeforeTheCases) {
  EXPECT_EQ(mistake_in(R"({"format": "baseline-1", "tolerance": {"x": 1}, "cases": []})"), "");
}

TEST(BaselineFileTest, ANewFileIsReadAgain) {
  const BaselineCase item{"n", "m", "../w", {{"a.b", true}}, {{"cycles", 3}, {"c.d", 4}}};
  const std::string text = with_case("", item);
  EXPECT_EQ(text, R"({
  "format": "baseline-1",
  "cases": [
    {
      "name": "n",
      "machine": "m",
      "workload": "../w",
      "set": {
        "a.b": true
      },
      "expect": {
        "cycles": 3,
        "c.d": 4
      }
    }
  ]
}
)");
  const BaselineFile file = read_baseline(text, "b");
  EXPECT_EQ(file.cases.at(0).set, item.set);
  EXPECT_EQ(file.cases.at(0).expect, item.expect);
}

TEST(BaselineFileTest, ACaseIsAddedBehindTheOthersAndNothingElseMoves) {
  const std::string text = with_case(kText, {"three", "m", "w", {}, {{"cycles", 1}}});
  EXPECT_EQ(text, changed("\"expect\": {\"cycles\": 5} }", R"("expect": {"cycles": 5} },
        {
            "name": "three",
            "machine": "m",
            "workload": "w",
            "set": {},
            "expect": {
                "cycles": 1
            }
        })"));
  EXPECT_EQ(read_baseline(text, "b").cases.size(), 3U);
}

TEST(BaselineFileTest, WhatCameOutIsWrittenOverWhatWasExpected) {
  EXPECT_EQ(with_results(kText, unchanged()), kText);
  CheckResults results = unchanged();
  results[0].differences = {{"cycles", 100, Fact(101)}, {"energy_pj.total", 1.5, Fact(2.25)}};
  std::string text = with_results(kText, results);
  EXPECT_EQ(text.replace(text.find("101"), 3, "100").replace(text.find("2.25"), 4, "1.5"), kText);
}

TEST(BaselineFileTest, VanishedKeysGoAndTolerancesThatNothingIsLeftFor) {
  CheckResults results = unchanged();
  results[0].differences = {{"energy_pj.total", 1.5, Fact(nullptr)}};
  results[1].differences = {{"cycles", 5, std::nullopt}};
  const std::string text = with_results(kText, results);
  std::string expected = changed(",\n                      \"energy_pj.total\": 1.5", "");
  expected.replace(expected.find("\"energy_pj\": 1e-2, "), 19, "");
  expected.replace(expected.find("\"cycles\": 5"), 11, "");
  EXPECT_EQ(text, expected);
  EXPECT_EQ(read_baseline(text, "b").tolerance.size(), 1U);
}

TEST(BaselineFileTest, ACaseThatCouldNotRunKeepsWhatItExpects) {
  CheckResults results = unchanged();
  results[0].refused = "no such file";
  EXPECT_EQ(with_results(kText, results), kText);
}

}  // namespace
}  // namespace hdp
