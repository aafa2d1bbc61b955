// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_diff.hpp>

namespace hdp {
namespace {

Facts report() {
  return {{"format", "report-1"},
          {"hdpsim", Facts{{"version", "1"}}},
          {"machine", "m"},
          {"config_sha256", "aa"},
          {"workload", Facts{{"name", "w"}, {"layers", 2}}},
          {"cycles", 1000},
          {"baseline", Facts{{"machine", "same"}, {"cycles", 2000}}},
          {"limiter", Facts{{"name", "memory"}, {"share", 0.5}}},
          {"units", Facts{{"core0.array", Facts{{"busy", 10}, {"idle", 0}, {"jobs", 3}}}}},
          {"energy_pj", nullptr},
          {"bins", Fact::List{Fact::List{8, 1}, Fact::List{16, 2}}},
          {"config", Facts{{"rho", 0.5}, {"cores", 2}}}};
}

ReportDiff diff_of(const Facts& a, const Facts& b) {
  return diff_reports(facts_text(a), "a.json", facts_text(b), "b.json");
}

Facts other() {
  Facts b = report();
  b.set("hdpsim", Facts{{"version", "2"}});
  b.set("config_sha256", "bb");
  b.set("workload", Facts{{"name", "w"}, {"layers", 3}});
  b.set("cycles", 1100);
  b.set("baseline", Facts{{"machine", "same"}, {"cycles", 3000}});
  b.set("limiter", Facts{{"name", "softmax"}, {"share", 0.25}});
  b.set("units", Facts{{"core0.array", Facts{{"busy", 15}, {"idle", 7}, {"lanes", 100}}}});
  b.set("bins", Fact::List{Fact::List{8, 9}, Fact::List{16, 2}});
  b.set("config", Facts{{"rho", 0.25}, {"cores", 2}, {"rule", "top_k"}});
  return b;
}

TEST(RunDiffTest, SettingsComeFirstThenCountersByRelativeChangeThenTexts) {
  EXPECT_EQ(diff_text(diff_of(report(), other()), 20),
            "cycles 1000 -> 1100 (+100, +10.000 %)\n"
            "\n"
            "settings (4)\n"
            "  hdpsim.version \"1\" -> \"2\"\n"
            "  workload.layers 2 -> 3\n"
            "  config.rho 0.5 -> 0.25\n"
            "  config.rule missing -> \"top_k\"\n"
            "\n"
            "counters by relative change (6)\n"
            "  units.core0.array.lanes missing -> 100\n"
            "  units.core0.array.idle 0 -> 7 (+7)\n"
            "  units.core0.array.jobs 3 -> missing\n"
            "  baseline.cycles 2000 -> 3000 (+1000, +50.000 %)\n"
            "  limiter.share 0.5 -> 0.25 (-0.25, -50.000 %)\n"
            "  units.core0.array.busy 10 -> 15 (+5, +50.000 %)\n"
            "\n"
            "items of lists by relative change (1)\n"
            "  bins.0.1 1 -> 9 (+8, +800.000 %)\n"
            "\n"
            "texts (1)\n"
            "  limiter.name \"memory\" -> \"softmax\"\n");
}

TEST(RunDiffTest, CellsOfMapsComeBehindAllOtherItems) {
  const auto with_map = [](std::int64_t kept, std::int64_t bin) {
    Facts facts = report();
    facts.set("maps", Fact::List{Facts{{"kept", Fact::List{kept}}}});
    facts.set("bins", Fact::List{Fact::List{8, bin}, Fact::List{16, 2}});
    return facts;
  };
  const ReportDiff diff = diff_of(with_map(1, 10), with_map(9, 11));
  ASSERT_EQ(diff.items.size(), 2U);
  EXPECT_EQ(diff.items[0].path, "bins.0.1");
  EXPECT_EQ(diff.items[1].path, "maps.0.kept.0");
}

TEST(RunDiffTest, LinesBeyondTheLimitAreCounted) {
  const std::string text = diff_text(diff_of(report(), other()), 2);
  EXPECT_THAT(text,
              testing::HasSubstr("workload.layers 2 -> 3\n  and 2 more (--all shows them)\n"));
  EXPECT_THAT(text,
              testing::HasSubstr(
                  "  and 4 more (--all shows them)\n\nitems of lists by relative change (1)\n"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("rho")));
}

TEST(RunDiffTest, EqualReportsDifferInNothing) {
  const ReportDiff diff = diff_of(report(), report());
  EXPECT_TRUE(diff.empty());
  EXPECT_EQ(diff_text(diff, 20), "cycles 1000, nothing differs\n");
  Facts b = report();
  b.set("energy_pj", 5.5);
  const ReportDiff one = diff_of(report(), b);
  EXPECT_FALSE(one.empty());
  EXPECT_EQ(diff_text(one, 20),
            "cycles 1000, as before\n\ncounters by relative change (1)\n"
            "  energy_pj null -> 5.5\n");
  b = report();
  b.set("cycles", 999);
  EXPECT_FALSE(diff_of(report(), b).empty());
}

TEST(RunDiffTest, TheSameInJson) {
  const Fact json = parse_facts(diff_json(diff_of(report(), other())), "diff");
  const auto& facts = *json.as<Facts>();
  EXPECT_EQ(*facts.find("format"), Fact("diff-1"));
  EXPECT_EQ(*facts.find("a"),
            Fact(Facts{{"file", "a.json"}, {"machine", "m"}, {"workload", "w"}, {"cycles", 1000}}));
  EXPECT_EQ(*facts.find("cycles"),
            Fact(Facts{{"before", 1000}, {"after", 1100}, {"change", 100}, {"relative", 0.1}}));
  const auto& settings = *facts.find("settings")->as<Fact::List>();
  EXPECT_EQ(settings.back(), Fact(Facts{{"path", "config.rule"}, {"after", "top_k"}}));
  const auto& counters = *facts.find("counters")->as<Fact::List>();
  ASSERT_EQ(counters.size(), 6U);
  EXPECT_EQ(counters[1], Fact(Facts{{"path", "units.core0.array.idle"},
                                    {"before", 0},
                                    {"after", 7},
                                    {"change", 7},
                                    {"relative", nullptr}}));
  EXPECT_EQ(counters[2], Fact(Facts{{"path", "units.core0.array.jobs"}, {"before", 3}}));
  EXPECT_EQ(facts.find("texts")->as<Fact::List>()->size(), 1U);
}

TEST(RunDiffTest, WhatIsNoReportIsRefusedByName) {
  const auto refused = [](const Facts& b) -> std::string {
    try {
      (void)diff_of(report(), b);
    } catch (const UserError& mistake) {
      return mistake.what();
    }
    return "";
  };
  EXPECT_EQ(refused({}),
            "b.json: is no report; allowed: a report of format report-1 (report.json "
            "of run --out)");
  Facts b = report();
  b.set("cycles", "many");
  EXPECT_EQ(refused(b),
            "b.json: cycles: is missing, or no integer; allowed: a report of format "
            "report-1");
  b = report();
  b.erase("machine");
  EXPECT_EQ(refused(b),
            "b.json: machine: is missing, or no text; allowed: a report of format "
            "report-1");
}

}  // namespace
}  // namespace hdp
