// SPDX-License-Identifier: Apache-2.0
// The schema of baseline files is as strict as their reader.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "config/schema_check.hpp"
#include <hdp/base/error.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp::test {
namespace {

using nlohmann::json;

json good() {
  return json::parse(R"({"$schema": "x", "format": "baseline-1", "tolerance": {"cycles": 0.1},
    "cases": [{"name": "n", "machine": "m", "workload": "w", "set": {"a.b": [1, null]},
               "expect": {"cycles": 1, "x": 2.5}}]})");
}

bool is_read(const json& file) {
  try {
    (void)read_baseline(file.dump(), "b");
    return true;
  } catch (const UserError&) {
    return false;
  }
}

TEST(BaselineSchemaTest, TakesWhatTheReaderTakesAndNothingElse) {
  const json schema = json::parse(baseline_schema());
  const auto both = [&](const json& file) {
    EXPECT_EQ(is_valid(file, schema), is_read(file)) << file;
    return is_read(file);
  };
  EXPECT_TRUE(both(good()));
  json file = good();
  file.erase("tolerance");
  file["cases"][0].erase("set");
  EXPECT_TRUE(both(file));
  file["cases"] = json::array();
  EXPECT_TRUE(both(file));
  const std::vector<std::pair<std::string, json>> wrong{{"/format", "baseline-2"},
                                                        {"/other", 1},
                                                        {"/cases", json::object()},
                                                        {"/cases/0/name", ""},
                                                        {"/cases/0/machine", 1},
                                                        {"/cases/0/workload", nullptr},
                                                        {"/cases/0/other", 1},
                                                        {"/cases/0/set", json::array()},
                                                        {"/cases/0/set/a=b", 1},
                                                        {"/cases/0/expect/cycles", "1"},
                                                        {"/cases/0/expect", json::array()},
                                                        {"/tolerance/cycles", -1},
                                                        {"/tolerance/cycles", "1"},
                                                        {"/cases/0", 1}};
  for (const auto& [path, value] : wrong) {
    file = good();
    file[json::json_pointer(path)] = value;
    EXPECT_FALSE(both(file)) << path;
  }
  for (const char* key : {"name", "machine", "workload", "expect"}) {
    file = good();
    file["cases"][0].erase(key);
    EXPECT_FALSE(both(file)) << key;
  }
  for (const char* key : {"format", "cases"}) {
    file = good();
    file.erase(key);
    EXPECT_FALSE(both(file)) << key;
  }
}

}  // namespace
}  // namespace hdp::test
