// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include <hdp/report/check_report.hpp>

namespace hdp {
namespace {

CheckResults results() {
  return {{.name = "good", .values = 3},
          {.name = "moved",
           .values = 5,
           .differences = {{"memory.read_bytes.k_frac", 195600, Fact(195664)},
                           {"cycles", 10'000'000, Fact(9'999'999)},
                           {"x", 0, Fact(3)},
                           {"gone", 4, std::nullopt},
                           {"energy_pj", 1.5, Fact(nullptr)}}},
          {.name = "broken", .refused = "no: such thing, 100 %"}};
}

TEST(CheckReportTest, ALineSaysKeyBothValuesAndPercent) {
  EXPECT_EQ(check_text(results()),
            "moved memory.read_bytes.k_frac 195600 -> 195664 (+0.033 %)\n"
            "moved cycles 10000000 -> 9999999 (-0.00001 %)\n"
            "moved x 0 -> 3\n"
            "moved gone 4 -> missing\n"
            "moved energy_pj 1.5 -> null\n"
            "broken cannot run: no: such thing, 100 %\n");
  EXPECT_EQ(check_text({{.name = "good", .values = 3}}), "");
}

TEST(CheckReportTest, PercentIsOfTheMagnitudeAndShowsAnyChange) {
  const auto percent = [](Fact before, Fact after) {
    const std::string line = check_text(
        {{.name = "n", .values = 1, .differences = {{"k", std::move(before), std::move(after)}}}});
    return line.substr(line.find('('));
  };
  EXPECT_EQ(percent(100, 300), "(+200.000 %)\n");
  EXPECT_EQ(percent(-4, -5), "(-25.000 %)\n");
  EXPECT_EQ(percent(2.0, 2.5), "(+25.000 %)\n");
  EXPECT_EQ(percent(200'000, 200'001), "(+0.001 %)\n");
  EXPECT_EQ(percent(250'000, 250'001), "(+0.0004 %)\n");
  EXPECT_EQ(percent(std::int64_t{1} << 62, (std::int64_t{1} << 62) + 1),
            "(+0.00000000000000002 %)\n");
}

TEST(CheckReportTest, TheSummaryCounts) {
  EXPECT_EQ(check_summary(results()),
            "3 cases, 8 values: 5 values in 1 case not as expected, 1 case could not run");
  EXPECT_EQ(check_summary({{.name = "good", .values = 1}}), "1 case, 1 value: all as expected");
  EXPECT_EQ(check_summary({}), "0 cases, 0 values: all as expected");
  EXPECT_EQ(check_summary({{.name = "a", .refused = "b"}}),
            "1 case, 0 values: 1 case could not run");
  EXPECT_FALSE(all_passed(results()));
  EXPECT_TRUE(all_passed({{.name = "good", .values = 1}}));
}

TEST(CheckReportTest, WhatSteersATerminalOrAParserIsEscapedInEachFormat) {
  const CheckResults hostile{{.name = "a<b>&\"c\"\n\x1b\xef\xbf\xbe,x",
                              .values = 1,
                              .differences = {{"k%\r::", 1, Fact("v\n")}}}};
  EXPECT_EQ(check_text(hostile), "a<b>&\"c\"\\n\\x1b\xef\xbf\xbe,x k%\\x0d:: 1 -> \"v\\n\"\n");
  EXPECT_EQ(check_github(hostile, "f:1,2%.json"),
            "::error file=f%3A1%2C2%25.json,title=hdpsim check%3A "
            "a<b>&\"c\"\\n\\x1b\xef\xbf\xbe%2Cx::1 of 1 value not as expected%0A"
            "a<b>&\"c\"\\n\\x1b\xef\xbf\xbe,x k%25\\x0d:: 1 -> \"v\\n\"\n");
  EXPECT_NE(check_junit(hostile, "f").find("name=\"a&lt;b&gt;&amp;&quot;c&quot;\\n\\x1b?,x\""),
            std::string::npos);
}

TEST(CheckReportTest, AnErrorOfGitHubIsACaseAndNamesTheFirstLines) {
  CaseResult result{.name = "many", .values = 30};
  for (int i = 0; i < 25; ++i) result.differences.push_back({std::to_string(i), 1, Fact(2)});
  const std::string text = check_github({result, {.name = "good", .values = 1}}, "f.json");
  EXPECT_TRUE(
      text.starts_with("::error file=f.json,title=hdpsim check%3A many::25 of 30 values "
                       "not as expected%0Amany 0 1 -> 2 (+100.000 %25)%0Amany 1 "));
  EXPECT_TRUE(text.ends_with("%0Amany 19 1 -> 2 (+100.000 %25)%0Aand 5 more\n")) << text;
  EXPECT_EQ(check_github(results(), "f").substr(check_github(results(), "f").rfind("::error")),
            "::error file=f,title=hdpsim check%3A broken::cannot run: no: such thing, 100 %25\n");
}

TEST(CheckReportTest, JUnitHasACaseACaseAndFailuresWithTheLines) {
  EXPECT_EQ(check_junit(results(), "base.json"),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="hdpsim check" tests="3" failures="2" errors="0">
  <testsuite name="base.json" tests="3" failures="2" errors="0" skipped="0">
    <testcase classname="base.json" name="good"/>
    <testcase classname="base.json" name="moved">
      <failure type="difference" message="5 of 5 values not as expected">
moved memory.read_bytes.k_frac 195600 -&gt; 195664 (+0.033 %)
moved cycles 10000000 -&gt; 9999999 (-0.00001 %)
moved x 0 -&gt; 3
moved gone 4 -&gt; missing
moved energy_pj 1.5 -&gt; null
</failure>
    </testcase>
    <testcase classname="base.json" name="broken">
      <failure type="cannot_run" message="cannot run: no: such thing, 100 %">
broken cannot run: no: such thing, 100 %
</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

}  // namespace
}  // namespace hdp
