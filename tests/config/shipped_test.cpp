// SPDX-License-Identifier: Apache-2.0
// Every configuration that is installed is valid against the schema that is installed.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/schema_check.hpp"
#include "support/catalog.hpp"
#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp::test {
namespace {

namespace fs = std::filesystem;

nlohmann::json json_of(const fs::path& path) { return nlohmann::json::parse(read_text(path)); }

/// Calls `check(path)` for every JSON file of a folder; returns their number.
template <class Check>
int for_each_file(const std::string& folder, Check check) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(kConfigs) / folder)) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().filename().string());
    check(entry.path());
    ++files;
  }
  return files;
}

TEST(ShippedTest, EveryConfigurationIsValidAgainstItsSchema) {
  for (const char* folder : {"machines", "memories", "workloads", "workloads/spatten", "energy"}) {
    const int files = for_each_file(folder, [&](const fs::path& path) {
      const nlohmann::json schema =
          json_of(path.parent_path() / json_of(path).at("$schema").get<std::string>());
      EXPECT_TRUE(is_valid(json_of(path), schema));
      nlohmann::json wrong = json_of(path);
      wrong["no_such_setting"] = 1;
      EXPECT_FALSE(is_valid(wrong, schema));
    });
    EXPECT_GT(files, 0) << folder;
  }
}

TEST(ShippedTest, EveryMachineIsNamedAfterItsFile) {
  for_each_file("machines", [](const fs::path& path) {
    EXPECT_EQ(resolve_machine(kCatalog, path.string())->name(), path.stem().string());
  });
}

TEST(ShippedTest, NoMachineHoldsAValueThatItIgnores) {
  SyntheticConfig settings;
  settings.n = 8;
  const Workload workload(make_synthetic(settings));
  for_each_file("machines", [&](const fs::path& path) {
    const auto machine = resolve_machine(kCatalog, path.string());
    for (const IgnoredSetting& ignored : machine->ignored(workload)) {
      std::string pointer = "/" + ignored.path;
      std::ranges::replace(pointer, '.', '/');
      EXPECT_FALSE(json_of(path).contains(nlohmann::json::json_pointer(pointer)))
          << ignored.path << ": " << ignored.why;
    }
  });
}

TEST(ShippedTest, AMachineBringsTheMemoryThatItNames) {
  EXPECT_EQ(resolve_hdp(kCatalog, "hdp_edge").memory.model, kInlineDram);
}

TEST(ShippedTest, EveryEnergyTableStatesEveryEntryWithItsSource) {
  const nlohmann::json known =
      json_of(fs::path(kConfigs) / "schemas" / "energy.json").at("properties");
  for_each_file("energy", [&](const fs::path& path) {
    const nlohmann::json table = json_of(path);
    EXPECT_EQ(table.at("name"), path.stem().string());
    for (const auto& [key, entry] : known.items()) {
      ASSERT_TRUE(table.contains(key)) << key;
      if (entry.contains("properties")) {
        EXPECT_NE(table.at(key).at("source"), "") << key;
      }
      if (!table.at(key).is_array()) continue;
      for (const auto& row : table.at(key)) EXPECT_NE(row.at("source"), "") << key;
    }
  });
}

TEST(ShippedTest, TheRecalledTableIsTheDefault) {
  const nlohmann::json table = json_of(fs::path(kConfigs) / "energy" / "recalled_45nm.json");
  const nlohmann::json known =
      json_of(fs::path(kConfigs) / "schemas" / "energy.json").at("properties");
  for (const auto& [key, entry] : known.items()) {
    if (key == "$schema") continue;
    if (!entry.contains("properties")) {
      EXPECT_EQ(table.at(key), entry.at("default")) << key;
      continue;
    }
    EXPECT_EQ(table.at(key).at("value"), entry.at("properties").at("value").at("default")) << key;
    EXPECT_EQ(table.at(key).at("source"), entry.at("properties").at("source").at("default")) << key;
  }
}

}  // namespace
}  // namespace hdp::test
