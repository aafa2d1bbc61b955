// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/fact_path.hpp>

namespace hdp {
namespace {

const Fact& report() {
  static const Fact kReport = Facts{
      {"cycles", 7},
      {"units", Facts{{"core0.array", Facts{{"cycles", Facts{{"total", 7}}}}},
                      {"core0", Facts{{"cycles", Facts{{"total", 8}}}, {"array", 9}}}}},
      {"layers", Fact::List{Facts{{"layer", 0}}, Facts{{"layer", 1}}, Fact::List{5, nullptr}}},
      {"remarks", Fact::List{}}};
  return kReport;
}

TEST(FactPathTest, LeavesAreAllValuesInOrder) {
  std::vector<std::string> paths;
  for (const FactLeaf& leaf : leaves_of(report())) {
    paths.push_back(leaf.path);
    EXPECT_EQ(leaf.in_list, leaf.path.starts_with("layers")) << leaf.path;
    if (leaf.path != "units.core0.array") {
      EXPECT_EQ(find_at(report(), leaf.path), leaf.value) << leaf.path;
    }
  }
  EXPECT_THAT(
      paths, testing::ElementsAre("cycles", "units.core0.array.cycles.total",
                                  "units.core0.cycles.total", "units.core0.array", "layers.0.layer",
                                  "layers.1.layer", "layers.2.0", "layers.2.1"));
}

TEST(FactPathTest, ANameWithDotsIsMetByTheLongestMatch) {
  const auto at = [](const char* path) { return find_at(report(), path); };
  EXPECT_EQ(*at("units.core0.array.cycles.total"), Fact(7));
  EXPECT_EQ(*at("units.core0.cycles.total"), Fact(8));
  EXPECT_NE(at("units.core0.array")->as<Facts>(), nullptr) << "not the 9";
  const Fact both = Facts{{"a", Facts{{"b", 1}, {"b.c", 3}}}, {"a.b", 2}};
  EXPECT_EQ(*find_at(both, "a.b"), Fact(2));
  EXPECT_EQ(*find_at(both, "a.b.c"), Fact(3)) << "where the longest name leads nowhere";
}

TEST(FactPathTest, GroupsAndListsAreFoundAndNothingElseIs) {
  EXPECT_NE(find_at(report(), "layers"), nullptr);
  EXPECT_NE(find_at(report(), "layers.1"), nullptr);
  for (const char* path : {"", "cycle", "cycles.", "cycles.0", ".cycles", "layers.3", "layers.-1",
                           "layers.01", "layers.1x", "layers.", "remarks.0", "units.core0.", "x"})
    EXPECT_EQ(find_at(report(), path), nullptr) << path;
}

TEST(FactPathTest, APathLiesWithinTheGroupsAroundIt) {
  EXPECT_TRUE(is_within("a.b.c", "a.b"));
  EXPECT_TRUE(is_within("a.b", "a.b"));
  EXPECT_FALSE(is_within("a.bc", "a.b"));
  EXPECT_FALSE(is_within("a", "a.b"));
}

}  // namespace
}  // namespace hdp
