// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "support/quick.hpp"
#include "support/reference.hpp"
#include <hdp/base/error.hpp>
#include <hdp/study/prune.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

std::string cases_of(const nlohmann::json& reference) {
  nlohmann::json cases = nlohmann::json::array();
  for (const auto& item : reference.at("cases"))
    cases.push_back({{"name", item.at("name")},
                     {"system", item.at("system")},
                     {"settings", item.at("settings")}});
  return cases.dump();
}

void expect_equal(const fs::path& trace_file, const nlohmann::json& reference) {
  const auto decide = [&](const auto& input) {
    return decisions_json(input, trace_file.filename().string(), cases_of(reference), "cases", 2);
  };
  const bool weights = reference.at("cases").at(0).at("system") == "nm";
  const std::string text =
      weights ? decide(load_weights(trace_file)) : decide(load_trace(trace_file));
  EXPECT_EQ(first_difference(reference, nlohmann::json::parse(text)), "");
}

TEST(DecisionsTest, TheShippedTraceGivesTheGoldenDecisions) {
  const fs::path root(HDP_SOURCE_DIR);
  expect_equal(root / "configs/workloads/minilm_sotu_n64.safetensors",
               read_json(root / "tests/golden/minilm_sotu_n64_hdp.json"));
}

TEST(DecisionsTest, TheShippedTraceGivesTheGoldenRowBalance) {
  const fs::path root(HDP_SOURCE_DIR);
  expect_equal(root / "configs/workloads/minilm_sotu_n64.safetensors",
               read_json(root / "tests/golden/minilm_sotu_n64_hdp_top_k.json"));
}

TEST(DecisionsTest, TheShippedTraceGivesTheGoldenEstimates) {
  const fs::path root(HDP_SOURCE_DIR);
  expect_equal(root / "configs/workloads/minilm_sotu_n64.safetensors",
               read_json(root / "tests/golden/minilm_sotu_n64_hdp_probability.json"));
}

TEST(DecisionsTest, TheShippedTraceGivesTheGoldenCascade) {
  const fs::path root(HDP_SOURCE_DIR);
  expect_equal(root / "configs/workloads/minilm_sotu_n64.safetensors",
               read_json(root / "tests/golden/minilm_sotu_n64_spatten.json"));
}

TEST(DecisionsTest, TheShippedTraceGivesTheGoldenEarlyTerminations) {
  const fs::path root(HDP_SOURCE_DIR);
  expect_equal(root / "configs/workloads/minilm_sotu_n64.safetensors",
               read_json(root / "tests/golden/minilm_sotu_n64_leopard.json"));
}

class ReferenceDecisionsTest : public testing::TestWithParam<const char*> {};

TEST_P(ReferenceDecisionsTest, EveryCaseIsMetWhereItIsThere) {
  const fs::path folder = fs::path(HDP_REFERENCE_DIR) / "reference" / GetParam();
  if (!fs::is_directory(folder)) GTEST_SKIP() << "no reference results in " << folder;
  std::set<fs::path> all;
  for (const auto& entry : fs::directory_iterator(folder)) all.insert(entry.path());
  int files = 0;
  for (const fs::path& file : all) {
    if (test::kQuick && files++ % 3 != 0) continue;
    SCOPED_TRACE(file.filename().string());
    const auto reference = read_json(file);
    expect_equal(
        fs::path(HDP_REFERENCE_DIR) / "data" / reference.at("trace").at("file").get<std::string>(),
        reference);
  }
  EXPECT_FALSE(all.empty());
}

INSTANTIATE_TEST_SUITE_P(Systems, ReferenceDecisionsTest,
                         testing::Values("hdp", "hdp_probability", "hdp_top_k", "spatten/decisions",
                                         "tokenpicker", "leopard", "nm"));

}  // namespace
}  // namespace hdp
