// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/output.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/check.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

class CheckTest : public test::TemporaryFolder {
 protected:
  void SetUp() override {
    test::TemporaryFolder::SetUp();
    write_file(folder_ / "small.json",
               R"({"model": "bert_tiny", "n": 16, "layers": 1, "heads": 2})");
    write_file(folder_ / "mine.json", R"({"base": "hdp_edge", "cores": 1})");
    options_.folder = folder_;
  }

  BaselineCase recorded(const Facts& set = {}) {
    BaselineCase item{"a case", "mine.json", "small.json", set, {}};
    expect_report(item, catalog_, options_);
    return item;
  }
  CheckResults checked(const BaselineFile& file, unsigned threads = 1) {
    options_.threads = threads;
    return check(file, catalog_, options_);
  }

  Catalog catalog_{{fs::path(HDP_SOURCE_DIR) / "configs"}};
  CheckOptions options_;
};

TEST_F(CheckTest, ACaseExpectsEveryIntegerOfTheReportCyclesFirst) {
  const BaselineCase item = recorded({{"prune.rho", 0.25}});
  EXPECT_EQ(item.expect.begin()->name, "cycles");
  const auto machine =
      resolve_machine(catalog_, (folder_ / "mine.json").string(), {"prune.rho=0.25"});
  const auto workload = resolve_workload(catalog_, (folder_ / "small.json").string());
  const auto report =
      nlohmann::json::parse(report_json(play_beside(*machine, workload, Baseline()), false))
          .flatten();
  std::size_t integers = 0;
  for (const auto& [path, value] : report.items()) {
    if (!value.is_number_integer()) continue;
    std::string key = path.substr(1);
    std::ranges::replace(key, '/', '.');
    ++integers;
    const Fact* const expected = item.expect.find(key);
    ASSERT_NE(expected, nullptr) << key;
    EXPECT_EQ(*expected, Fact(value.get<std::int64_t>())) << key;
  }
  EXPECT_EQ(item.expect.size(), integers);
  EXPECT_NE(item.expect.find("units.core0.pe_array.cycles.busy"), nullptr);
  EXPECT_EQ(*item.expect.find("config.cores"), Fact(1));
}

TEST_F(CheckTest, NothingDiffersFromWhatWasRecordedForAnyNumberOfThreads) {
  BaselineCase first = recorded(), second = recorded({{"prune.rho", 0.25}});
  second.name = "another";
  for (const unsigned threads : {1U, 2U, 7U}) {
    const CheckResults results = checked({.tolerance = {}, .cases = {first, second}}, threads);
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[0].name + results[1].name, "a caseanother");
    EXPECT_TRUE(all_passed(results)) << check_text(results);
    EXPECT_EQ(results[0].values, first.expect.size());
  }
}

TEST_F(CheckTest, OneCycleIsADifferenceAndSoIsAKeyThatIsGone) {
  BaselineCase item = recorded();
  const std::int64_t cycles = *item.expect.find("cycles")->as<std::int64_t>();
  item.expect.set("cycles", cycles - 1);
  item.expect.set("units.core0.pe_array.gone", 5);
  item.expect.set("units.core0", 5);
  item.expect.set("limiter.name", 5);
  const CheckResults results = checked({.tolerance = {}, .cases = {item}});
  ASSERT_EQ(results[0].differences.size(), 4U);
  EXPECT_EQ(results[0].differences[0].key, "cycles");
  EXPECT_EQ(results[0].differences[0].after, Fact(cycles));
  EXPECT_EQ(results[0].differences[1].after, std::nullopt);
  EXPECT_EQ(results[0].differences[2].after, std::nullopt) << "a group is no number";
  EXPECT_NE(results[0].differences[3].after->as<std::string>(), nullptr);
}

TEST_F(CheckTest, WhatIsNotExpectedMayBeThere) {
  BaselineCase item = recorded();
  const Facts all = item.expect;
  item.expect = {{"cycles", *all.find("cycles")}};
  const CheckResults results = checked({.tolerance = {}, .cases = {item}});
  EXPECT_TRUE(all_passed(results));
  EXPECT_EQ(results[0].values, 1U);
}

TEST_F(CheckTest, ToleranceIsRelativeToWhatIsExpected) {
  BaselineCase item = recorded();
  const double cycles = *item.expect.find("cycles")->number();
  item.expect = {{"cycles", static_cast<std::int64_t>(cycles) * 2}, {"time_ns", cycles * 2}};
  const auto differing = [&](double tolerance) {
    BaselineFile file{.tolerance = {{"cycles", tolerance}, {"time_ns", tolerance}},
                      .cases = {item}};
    return checked(file)[0].differences.size();
  };
  EXPECT_EQ(differing(0), 2U);
  EXPECT_EQ(differing(0.49), 2U);
  EXPECT_EQ(differing(0.5), 0U);
}

TEST_F(CheckTest, DoublesAreComparedExactlyToo) {
  BaselineCase item = recorded();
  const double cycles = *item.expect.find("cycles")->number();
  item.expect = {{"time_ns", cycles}};
  EXPECT_TRUE(all_passed(checked({.tolerance = {}, .cases = {item}})));
  item.expect = {{"time_ns", std::nextafter(cycles, 0)}};
  EXPECT_FALSE(all_passed(checked({.tolerance = {}, .cases = {item}})));
}

TEST_F(CheckTest, ACaseThatCannotRunIsAFailureOfThatCase) {
  const BaselineCase good = recorded();
  BaselineCase machine = good, workload = good, setting = good, ignored = good;
  machine.name = "machine";
  machine.machine = "mien.json";
  workload.name = "workload";
  workload.workload = "no_such_workload";
  setting.name = "setting";
  setting.set = {{"prune.rhoo", 1}};
  ignored.name = "ignored";
  ignored.set = {{"memory.bandwidth_mb_per_s", 1}};
  const CheckResults results =
      checked({.tolerance = {}, .cases = {machine, good, workload, setting, ignored}}, 2);
  EXPECT_EQ(results[0].refused, (folder_ / "mien.json").string() + ": no such file");
  EXPECT_TRUE(results[1].passed());
  EXPECT_TRUE(results[2].refused.starts_with("no_such_workload: neither a name in workloads"));
  EXPECT_EQ(results[3].refused, "prune.rhoo: no such setting; did you mean 'prune.rho'?");
  EXPECT_NE(results[4].refused, "") << "as hdpsim run does, which refuses what changes nothing";
}

TEST_F(CheckTest, PathsAreRecordedFromTheFolderOfTheFileAndNamesStayNames) {
  const fs::path inner = folder_ / "a/b";
  fs::create_directories(inner);
  const std::string file = (folder_ / "small.json").string();
  EXPECT_EQ(path_for_baseline("hdp_edge", inner), "hdp_edge");
  EXPECT_EQ(path_for_baseline(file, inner), file) << "an absolute path stays one";
  const fs::path here = fs::current_path();
  fs::current_path(folder_);
  EXPECT_EQ(path_for_baseline("small.json", inner), "../../small.json");
  EXPECT_EQ(path_for_baseline("a/../small.json", "a"), "../small.json");
  EXPECT_EQ(path_for_baseline("small.json", ""), "small.json");
  EXPECT_EQ(path_for_baseline("no/such.json", ""), "no/such.json");
  write_file("plain", "x");
  EXPECT_EQ(path_for_baseline("plain", ""), "./plain") << "so that it is no name later";
  fs::create_symlink("small.json", "linked.json");
  fs::create_directory_symlink("a/b", "link");
  EXPECT_EQ(path_for_baseline("linked.json", "a"), "../linked.json");
  EXPECT_EQ(path_for_baseline("small.json", "link"), "../../small.json");
  fs::current_path(here);
}

TEST_F(CheckTest, SettingsAreRecordedAsValues) {
  const std::string file = (folder_ / "value.json").string();
  write_file(file, R"({"rho": 0.5})");
  EXPECT_EQ(settings_for_baseline(
                {"a=1", "b=text", "c=\"1\"", "d=null", "a=0.5", "e=@" + file, "f=ro co=ba"}),
            (Facts{{"b", "text"},
                   {"c", "1"},
                   {"d", nullptr},
                   {"a", 0.5},
                   {"e", Facts{{"rho", 0.5}}},
                   {"f", "ro co=ba"}}));
  EXPECT_THROW(settings_for_baseline({"a"}), UserError);
  EXPECT_THROW(settings_for_baseline({"=a"}), UserError);
}

TEST_F(CheckTest, ProgressEndsAtOne) {
  BaselineCase item = recorded(), other = item;
  other.name = "b";
  double last = 0;
  options_.observer = [&](double share, const std::string&) {
    EXPECT_GE(share, last);
    last = share;
  };
  checked({.tolerance = {}, .cases = {item, other}});
  EXPECT_EQ(last, 1);
}

}  // namespace
}  // namespace hdp
