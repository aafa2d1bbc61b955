// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "config/sample.hpp"
#include <hdp/base/output.hpp>
#include <hdp/config/assign.hpp>

namespace hdp::test {
namespace {

Sample after(std::string_view assignment) {
  Sample sample;
  sample.budget = 9;
  set_value(sample, assignment);
  return sample;
}

std::string mistake_in(std::string_view assignment) {
  return error_of([&] { after(assignment); });
}

TEST(AssignTest, ADottedPathSetsOneValue) {
  Sample want;
  want.budget = 9;
  want.core.pe_array.rows = 8;
  EXPECT_EQ(after("core.pe_array.rows=8"), want);
  EXPECT_EQ(after("core.rho=0.25").core.rho, 0.25);
  EXPECT_EQ(after("core.pe_array.fused=false").core.pe_array.fused, false);
}

TEST(AssignTest, WordsNeedNoQuotes) {
  EXPECT_EQ(after("core.map=hash").core.map, Map::Hash);
  EXPECT_EQ(after("core.map=\"hash\"").core.map, Map::Hash);
  EXPECT_EQ(after("budget=auto").budget, std::nullopt);
  EXPECT_EQ(after("label=a=b c").label, "a=b c");
  EXPECT_EQ(after("label=").label, "");
  EXPECT_EQ(after("label=5").label, "5");
  EXPECT_EQ(after(R"(label={"a": 1})").label, R"({"a": 1})");
  EXPECT_EQ(after(R"(label="@x")").label, "@x");
}

TEST(AssignTest, AGroupTakesAnObject) {
  const Sample sample = after(R"(core={"rho": 0.125, "pe_array": {"rows": 2}})");
  EXPECT_EQ(sample.core.rho, 0.125);
  EXPECT_EQ(sample.core.pe_array.rows, 2);
  EXPECT_EQ(sample.core.map, Map::Block);
}

TEST(AssignTest, AnUnknownPathNamesTheNearestSibling) {
  EXPECT_EQ(mistake_in("core.roh=1"), "core.roh: no such setting; did you mean 'core.rho'?");
  EXPECT_EQ(mistake_in("cores.rho=1"), "cores.rho: no such setting; did you mean 'core'?");
  EXPECT_EQ(mistake_in("core.rho.x=1"), "core.rho.x: core.rho is a single value");
  EXPECT_EQ(mistake_in("core.=1"), "core.: no such setting");
}

TEST(AssignTest, AGroupWithoutAnObjectNamesItsMembers) {
  EXPECT_EQ(mistake_in("core=5"),
            "core: is a group; set one of its members, or give an object or @FILE; "
            "allowed: pe_array, rho, map");
}

TEST(AssignTest, MistakesInTheValueNameTheDottedPath) {
  EXPECT_EQ(mistake_in("core.pe_array.rows=x"),
            R"(core.pe_array.rows: "x" is text, expected an integer [PEs])");
  EXPECT_EQ(mistake_in("core.pe_array.rows=0"), "core.pe_array.rows: 0 is outside [1, 1024] [PEs]");
  EXPECT_EQ(mistake_in(R"(core={"pe_array": {"rowz": 0}})"),
            "core.pe_array.rowz: no such setting; did you mean 'rows'?");
  EXPECT_EQ(mistake_in("core.map=5"),
            R"(core.map: "5" is no choice; allowed: stripe, block, hash)");
  EXPECT_EQ(mistake_in(R"(core={"rho": })").substr(0, 11), "core:1:9: s");
  EXPECT_EQ(mistake_in("label=\xff"), "label: the value is not UTF-8");
}

TEST(AssignTest, AnAssignmentHasAPathAndAValue) {
  EXPECT_EQ(mistake_in("core.rho"), "core.rho: sets nothing; allowed: path=value, path=@FILE");
  EXPECT_EQ(mistake_in("=1"), "=1: sets nothing; allowed: path=value, path=@FILE");
}

TEST(AssignTest, AValueComesFromAFile) {
  const std::string file = ::testing::TempDir() + "hdp_assign_test.json";
  write_file(file, R"({"$schema": "s", "rho": 0.75})");
  EXPECT_EQ(after("core=@" + file).core.rho, 0.75);
  EXPECT_EQ(mistake_in("core.rho=@" + file),
            "core.rho=@" + file + ": {...} is a group, expected a number");
  write_file(file, R"({"roh": 0.75})");
  EXPECT_EQ(mistake_in("core=@" + file),
            "core=@" + file + ": /roh: no such setting; did you mean 'rho'?");
  write_file(file, "12");
  EXPECT_EQ(after("seed=@" + file).seed, 12);
  write_file(file, "{,}");
  EXPECT_EQ(mistake_in("core=@" + file).find("core=@" + file + ": 1:2: syntax error"), 0U);
  std::filesystem::remove(file);
  EXPECT_EQ(mistake_in("core=@" + file).find("core=@" + file + ": " + file + ": cannot open"), 0U);
}

}  // namespace
}  // namespace hdp::test
