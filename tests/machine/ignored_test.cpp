// SPDX-License-Identifier: Apache-2.0
// What a machine says that it ignores changes no number of its report, whatever the value.
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "machine/small_trace.hpp"
#include "support/catalog.hpp"
#include "support/quick.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/workload/spatten_generator.hpp>

namespace hdp::test {
namespace {

using Json = nlohmann::json;
using Changes = std::vector<std::string>;

Workload rows() {
  SpattenGeneratorConfig config;
  config.layers = 2;
  config.heads = 3;
  config.prompt = 40;
  config.generated = 2;
  return Workload(make_spatten_workload(config));
}

std::unique_ptr<Machine> shipped(const std::string& name, const Changes& changes) {
  return resolve_machine(kCatalog, name, changes);
}

/// Without what repeats the settings.
Json numbers_of(const Machine& machine, const Workload& workload) {
  Json report = Json::parse(report_json({.run = play(machine, workload)}, true));
  for (const char* key : {"config", "config_sha256", "provenance"}) report.erase(key);
  return report;
}

/// Other values of a setting, as JSON.
std::vector<std::string> values_beside(const Json& value) {
  if (value.is_boolean()) return {value.get<bool>() ? "false" : "true"};
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    return {std::to_string(2 * number), std::to_string(number + 1), std::to_string(number / 2)};
  }
  if (value.is_number()) {
    const auto number = value.get<double>();
    return {std::to_string(number + 0.3), std::to_string(number * 0.5)};
  }
  return {"linear",         "0.5",    "signed", "zero", "recompute", "round",
          "frfcfs_row_hit", "closed", "77"};
}

/// Sets every value at and below `path` in turn; returns how many were taken and changed nothing.
int check(const std::string& name, const Changes& changes, const Workload& workload,
          const std::string& path, const Json& value, const Json& want) {
  int tried = 0;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items())
      tried += check(name, changes, workload, path + "." + key, member, want);
    return tried;
  }
  std::vector<std::string> others = values_beside(value);
  if (kQuick || path.starts_with("memory.dram")) others.resize(1);  // there are many
  for (const std::string& other : others) {
    Changes more = changes;
    more.push_back(path + "=" + other);
    std::unique_ptr<Machine> changed;
    try {
      changed = shipped(name, more);
    } catch (const UserError&) {
      continue;  // out of its range
    }
    if (std::ranges::find(changed->changes(), more.back()) == changed->changes().end())
      continue;  // the value that the file has
    EXPECT_EQ(numbers_of(*changed, workload), want) << more.back();
    EXPECT_THROW(
        refuse_ignored_changes(std::vector<const Machine*>{changed.get()}, std::vector{workload}),
        UserError)
        << more.back();
    ++tried;
  }
  return tried;
}

int check_all(const std::string& name, const Changes& changes, const Workload& workload) {
  const auto plain = shipped(name, changes);
  const Json want = numbers_of(*plain, workload), settings = Json::parse(plain->text());
  int tried = 0;
  for (const IgnoredSetting& ignored : plain->ignored(workload)) {
    std::string pointer = "/" + ignored.path;
    std::ranges::replace(pointer, '.', '/');
    tried += check(name, changes, workload, ignored.path, settings.at(Json::json_pointer(pointer)),
                   want);
  }
  return tried;
}

/// The scenes that are played: all of them in a release build.
std::span<const Changes> some_of(const std::vector<Changes>& scenes) {
  return std::span(scenes).first(kQuick ? 2 : scenes.size());
}

TEST(IgnoredSettingTest, HdpIgnoresNothingThatCounts) {
  const std::vector<Changes> scenes{
      {},
      {"memory.model=ideal"},
      {"energy_table=recalled_45nm"},
      {"pruning=false"},
      {"memory.dram.controller=bank_queues", "memory.dram.refresh=false"},
      {"memory.dram.power_down.when_idle=true"},
      {"cascade.token.keep=0.8", "prune.fraction_bits=auto"}};
  for (const Changes& changes : some_of(scenes))
    EXPECT_GT(check_all("hdp_edge", changes, small_trace(Stage::Prefill)), 5);
  EXPECT_GT(check_all("hdp_edge", {}, small_trace(Stage::Decode)), 5);
}

TEST(IgnoredSettingTest, SpattenIgnoresNothingThatCounts) {
  const std::vector<Changes> scenes{
      {},
      {"memory.model=ideal"},
      {"prune.progressive=false"},
      {"prune.prefill_progressive=true", "prune.prefill_value_pruning=true"},
      {"prune.token.keep=1", "prune.head.keep=0.9"}};
  for (const Changes& changes : some_of(scenes))
    EXPECT_GT(check_all("spatten", changes, small_trace(Stage::Prefill)), 5);
  for (const Workload& workload : {small_trace(Stage::Decode), rows()})
    EXPECT_GT(check_all("spatten", {}, workload), 5);
}

TEST(IgnoredSettingTest, StaIgnoresNothingThatCounts) {
  const std::vector<Changes> scenes{{},
                                    {"memory.model=ideal"},
                                    {"energy_table=recalled_45nm"},
                                    {"layer={\"kept\": 0, \"of\": 0}"}};
  for (const Changes& changes : some_of(scenes))
    EXPECT_GT(check_all("sta", changes, small_trace(Stage::Prefill)), 5);
  EXPECT_GT(check_all("sta", {}, small_trace(Stage::Decode)), 5);
}

TEST(IgnoredSettingTest, WhatAMachineNeedsMakesTheSettingCount) {
  const Workload workload = small_trace(Stage::Prefill);
  for (const char* name : {"hdp_edge", "dense", "spatten", "sta"}) {
    const auto plain = shipped(name, {});
    for (const IgnoredSetting& ignored : plain->ignored(workload)) {
      if (ignored.needs.find('=') == std::string::npos) continue;
      const auto changed = shipped(name, {ignored.needs});
      for (const IgnoredSetting& still : changed->ignored(workload))
        EXPECT_FALSE(still.path == ignored.path && still.why == ignored.why)
            << name << " " << ignored.path << " with " << ignored.needs;
    }
  }
}

}  // namespace
}  // namespace hdp::test
