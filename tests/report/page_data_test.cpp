// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/page.hpp>

namespace hdp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

/// A run of so many ns, and of such an output error.
PagePoint point(double time, double error, std::vector<Fact> values = {}) {
  PagePoint made;
  made.values = std::move(values);
  made.row = {.machine = "m",
              .workload = "w",
              .cycles = static_cast<std::int64_t>(time),
              .time_ns = time,
              .resources = {},
              .relative_frobenius = error,
              .mass_kept = 0.75};
  return made;
}

Json page_of(const PageData& data) { return Json::parse(data.text()); }

double figure(const Json& page, std::size_t point, const std::string& name) {
  const Json& metrics = page.at("metrics");
  for (std::size_t i = 0; i < metrics.size(); ++i)
    if (metrics[i].at("name") == name) return page.at("points")[point].at("figures")[i];
  throw std::logic_error("no metric " + name);
}

TEST(PageDataTest, APointHasItsFiguresAndNames) {
  PageData data;
  data.start({.name = "folder", .kind = "run"});
  data.add(point(1234.5, 0.1));
  const Json page = page_of(data);
  EXPECT_EQ(page.at("format"), "page-1");
  EXPECT_EQ(page.at("names")[page.at("points")[0].at("machine").get<std::size_t>()], "m");
  EXPECT_EQ(figure(page, 0, "time_ns"), 1234.5);
  EXPECT_EQ(figure(page, 0, "relative_frobenius"), 0.1);
  EXPECT_EQ(figure(page, 0, "mass_lost"), 0.25);
}

TEST(PageDataTest, AFrontIsOfOneWorkload) {
  PageData data;
  data.start({.name = "a", .kind = "table"});
  data.add(point(1, 3));
  data.add(point(3, 1));
  data.add(point(3, 2));
  PagePoint other = point(9, 9);
  other.row.workload = "other";
  data.add(other);
  std::vector<std::vector<int>> fronts;
  const Json page = page_of(data);
  for (const Json& front : page.at("fronts"))
    if (front.at("cost") == "time_ns" && front.at("error") == "relative_frobenius")
      fronts.push_back(front.at("points"));
  EXPECT_EQ(fronts, (std::vector<std::vector<int>>{{0, 1}, {3}}));
}

TEST(PageDataTest, WorkOfOneNameThatIsNotTheSameHasTwoNames) {
  PageData data;
  data.start({.name = "a", .kind = "table"});
  for (const char* digest : {"bbbbbbbb1", "aaaaaaaa1", "bbbbbbbb1"}) {
    PagePoint made = point(1, 1);
    made.row.workload_facts = {{"sha256", digest}};
    data.add(made);
  }
  PagePoint layers = point(1, 1);
  layers.row.workload_facts = {{"sha256", "bbbbbbbb1"}, {"layer", "whole"}};
  data.add(layers);
  const Json page = page_of(data);
  std::vector<std::string> names;
  for (const Json& one : page.at("points"))
    names.push_back(page.at("names")[one.at("workload").get<std::size_t>()]);
  EXPECT_EQ(names, (std::vector<std::string>{"w", "w aaaaaaaa", "w", "w, whole layers"}));
}

TEST(PageDataTest, AnAxisHasTheSpreadOverTheOthers) {
  PageData data;
  data.start({.name = "s", .kind = "sweep", .axes = {{{"a"}}, {{"b", "c"}}}});
  data.add(point(10, 1, {1, "x", 0.5}));
  data.add(point(20, 1, {1, "y", 1.5}));
  data.add(point(50, 1, {2, "x", 0.5}));
  PagePoint refused;
  refused.status = "no";
  refused.values = {2, "y", 1.5};
  data.add(refused);
  const Json page = page_of(data), axes = page.at("studies")[0].at("axes");
  EXPECT_EQ(axes[0].at("labels"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(axes[1].at("paths"), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(axes[1].at("labels"), (std::vector<std::string>{"x + 0.5", "y + 1.5"}));
  for (const Json& spread : axes[0].at("spreads"))
    if (spread.at("metric") == "time_ns") {
      EXPECT_EQ(spread.at("values"), Json::parse("[[2, 10, 15, 20], [1, 50, 50, 50]]"));
    }
  EXPECT_EQ(page.at("points")[3].at("status"), "no");
  EXPECT_FALSE(page.at("points")[3].contains("figures"));
}

TEST(PageDataTest, NamesCannotEndTheScriptThatTheyStandIn) {
  const std::string hostile = "</script><script>alert(1)</script><!-- \xff \xe2\x80\xa8";
  PageData data;
  data.start({.name = hostile, .kind = "sweep", .axes = {{{hostile}}}});
  PagePoint made = point(1, 1, {hostile});
  made.row.machine = made.row.limiter = made.row.step = made.command = hostile;
  made.remarks = {hostile};
  made.row.config = {{hostile, hostile}};
  made.units = {{.name = hostile, .instances = 1, .idle = 1, .busy = 1, .blocked = {{hostile, 1}}}};
  data.add(made);
  const std::string text = data.text();
  EXPECT_THAT(text, Not(HasSubstr("<")));
  const Json page = Json::parse(text);
  EXPECT_THAT(page.at("studies")[0].at("name").get<std::string>(), HasSubstr("</script>"));
}

TEST(PageDataTest, WhatConfigurationsShareStandsOnce) {
  PageData data;
  data.start({.name = "s", .kind = "sweep"});
  const auto add = [&](Facts config) {
    PagePoint made = point(1, 1);
    made.row.config = std::move(config);
    data.add(made);
  };
  add({{"rows", 4}, {"prune", Facts{{"rho", 0.5}, {"tau", 1}}}, {"off", nullptr}});
  add({{"rows", 4}, {"prune", Facts{{"rho", 0.25}, {"tau", 1}}}, {"off", nullptr}});
  add({{"rows", 4}, {"prune", Facts{{"rho", 0.25}, {"tau", 1}}}, {"off", Facts{{"a", "x"}}}});
  const Json page = page_of(data);
  EXPECT_EQ(
      page.at("configs"),
      Json::parse(R"([[["rows","4"],["prune.rho","0.5"],["prune.tau","1"],["off","null"]]])"));
  EXPECT_EQ(page.at("differences"),
            Json::parse(R"([["prune.rho","0.25"],["off.a","\"x\""],["off"]])"));
  EXPECT_EQ(page.at("points")[0].at("config"), Json::parse("[0]"));
  EXPECT_EQ(page.at("points")[1].at("config"), Json::parse("[0, 0]"));
  EXPECT_EQ(page.at("points")[2].at("config"), Json::parse("[0, 0, 1, 2]"));
}

TEST(PageDataTest, ThousandPointsOfLongReportsAreSmall) {
  PageData data;
  data.start({.name = "s", .kind = "sweep", .axes = {{{"rho"}}}});
  Facts config;
  for (int i = 0; i < 700; ++i) config.set("setting_" + std::to_string(i), i);
  for (int i = 0; i < 1000; ++i) {
    PagePoint made = point(1000 + i, 1.0 / (1 + i), {i});
    config.set("rho", i);
    made.row.config = config;
    data.add(made);
  }
  EXPECT_LT(data.text().size(), 600'000U);
}

const char* const kReport = R"({"format": "report-1", "machine": "m", "workload": {"name": "w"},
  "cycles": 10, "time_ns": 10.0, "clock_mhz": 1000, "utilisation": 0.5,
  "limiter": {"name": "memory"}, "resources": {"multipliers": 1, "sram_bytes": 2,
  "peak_bytes_per_s": 3.0}, "memory": {"read_bytes": {"q": 4, "k": 0}, "written_bytes": {"q": 1}},
  "critical_path": {"pe_array": {"work": 7, "latency": 1}, "memory": {"work": 0, "latency": 2}},
  "units": {"core0.pe": {"cycles": {"idle": 1, "busy": 8, "blocked": {"memory": 1, "output": 0}}},
            "core1.pe": {"cycles": {"idle": 2, "busy": 8, "blocked": {"memory": 0}}}},
  "energy_pj": {"total": 6.0, "units": {"core0.pe": {"add": 1.0, "leak": 2.0},
                                        "core1.pe": {"add": 3.0}}},
  "decisions": {"block_sparsity": 0.25}, "remarks": ["note this"]})";

TEST(PagePointTest, InstancesOfAUnitAreSummedUp) {
  const PagePoint made = page_point(parse_facts(kReport, "report"), "report");
  ASSERT_EQ(made.units.size(), 1U);
  EXPECT_EQ(made.units[0].name, "pe");
  EXPECT_EQ(made.units[0].instances, 2);
  EXPECT_EQ(made.units[0].idle, 3);
  EXPECT_EQ(made.units[0].busy, 16);
  ASSERT_EQ(made.units[0].blocked.size(), 1U);
  EXPECT_EQ(made.units[0].blocked[0].value, 1);
  ASSERT_EQ(made.energy_pj.size(), 1U);
  EXPECT_EQ(made.energy_pj[0].value, 6);
  ASSERT_EQ(made.critical_path.size(), 2U);
  EXPECT_EQ(made.critical_path[0].value, 8);
  ASSERT_EQ(made.bytes.size(), 2U);
  EXPECT_EQ(made.bytes[1].name, "q written");
  EXPECT_EQ(made.block_sparsity, 0.25);
  EXPECT_EQ(made.remarks, std::vector<std::string>{"note this"});
}

TEST(PagePointTest, WhatIsNoReportIsRefusedWithItsPlace) {
  const auto message = [](std::string from, const std::string& to) {
    std::string text = kReport;
    text.replace(text.find(from), from.size(), to);
    try {
      (void)page_point(parse_facts(text, "r"), "r");
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  const std::string rest =
      "is missing, or none that a report has; allowed: a report of format report-1";
  EXPECT_EQ(message("\"busy\": 8", "\"busy\": -8"), "r: units.core0.pe.cycles.busy: " + rest);
  EXPECT_EQ(message("\"work\": 7", "\"work\": 7.5"), "r: critical_path.pe_array.work: " + rest);
  EXPECT_EQ(message("\"add\": 3.0", "\"add\": null"), "r: energy_pj.units.core1.pe.add: " + rest);
  EXPECT_EQ(message("{\"block_sparsity\": 0.25}", "[]"), "r: decisions: " + rest);
  EXPECT_EQ(message("\"cycles\": 10", "\"cycles\": \"10\""), "r: cycles: " + rest);
}

}  // namespace
}  // namespace hdp
