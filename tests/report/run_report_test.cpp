// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <hdp/base/digest.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/read.hpp>
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLowMass = "of the dense probability mass is kept";

const Trace& shipped() {
  static const Trace trace = load_trace(std::filesystem::path(HDP_SOURCE_DIR) /
                                        "configs/workloads/minilm_sotu_n64.safetensors");
  return trace;
}

Comparison compare(const HdpConfig& config, unsigned threads = 1) {
  RunOptions options;
  options.threads = threads;
  Comparison comparison{
      .run = run(config, shipped(), options), .baseline = {}, .baseline_name = "same"};
  comparison.baseline = run(without_pruning(config), shipped(), {.fidelity = false});
  return comparison;
}

nlohmann::json json_of(const HdpConfig& config) {
  return nlohmann::json::parse(report_json(compare(config), shipped(), false));
}

TEST(RunReportTest, TheSameRunGivesTheSameBytes) {
  const Comparison first = compare({}, 1);
  const Comparison second = compare({}, 3);
  EXPECT_EQ(report_json(first, shipped(), true), report_json(second, shipped(), true));
  EXPECT_EQ(report_text(first, shipped()), report_text(second, shipped()));
}

TEST(RunReportTest, LowMassIsSaidInASentence) {
  const Comparison comparison = compare({});
  ASSERT_LT(comparison.run.fidelity.mass_kept(), 0.5);
  EXPECT_THAT(report_text(comparison, shipped()), HasSubstr(kLowMass));
  EXPECT_THAT(report_text(comparison, shipped()), HasSubstr("try --set prune.importance=signed"));
}

TEST(RunReportTest, WhereSignedImportanceKeepsTheMassNothingIsSaid) {
  HdpConfig config;
  config.prune.importance = Importance::Signed;
  const Comparison comparison = compare(config);
  ASSERT_GT(comparison.run.fidelity.mass_kept(), 0.5);
  EXPECT_THAT(report_text(comparison, shipped()), Not(HasSubstr(kLowMass)));
}

TEST(RunReportTest, SaturatedValuesAreSaid) {
  HdpConfig config;
  config.prune.fraction_bits = 14;
  EXPECT_THAT(report_text(compare(config), shipped()), HasSubstr("saturate in 14 fraction bits"));
  config.prune.fraction_bits = 8;
  EXPECT_THAT(report_text(compare(config), shipped()), Not(HasSubstr("saturate")));
}

TEST(RunReportTest, TheReportHoldsTheConfigurationThatItsDigestIsOf) {
  const auto report = json_of({});
  const std::string text = machine_text({});
  EXPECT_EQ(report.at("config_sha256"), sha256_hex(text));
  EXPECT_EQ(report.at("config"), nlohmann::json::parse(text));
  HdpConfig back;
  read_settings(back, report.at("config").dump(), "report");
  EXPECT_EQ(machine_text(back), text);
}

TEST(RunReportTest, ASettingChangesTheDigest) {
  HdpConfig config;
  config.prune.rho = 0.25;
  EXPECT_NE(sha256_hex(machine_text(config)), sha256_hex(machine_text({})));
}

TEST(RunReportTest, SpeedupIsBaselineTimeOverTime) {
  const Comparison comparison = compare({});
  const auto base = nlohmann::json::parse(report_json(comparison, shipped(), false)).at("baseline");
  EXPECT_EQ(base.at("speedup").get<double>(),
            comparison.baseline->time_ns() / comparison.run.time_ns());
  EXPECT_EQ(base.at("energy_ratio").get<double>(),
            comparison.baseline->energy.total_pj() / comparison.run.energy.total_pj());
}

TEST(RunReportTest, EverySettingThatShapesTheHeadlineHasASource) {
  const auto sources = json_of({}).at("provenance");
  EXPECT_EQ(sources.at("prune.rho"), "ours");
  EXPECT_EQ(sources.at("prune.approximation"), "recalled");
  EXPECT_EQ(sources.at("cycle_model"), "ours");
  EXPECT_TRUE(sources.contains("core.pe_array.precision"));
  EXPECT_FALSE(sources.contains("name"));
}

TEST(RunReportTest, TheVersionIsThatOfTheBuild) {
  const std::string project = read_text(std::filesystem::path(HDP_SOURCE_DIR) / "CMakeLists.txt");
  EXPECT_THAT(project, HasSubstr("project(hdpsim VERSION " + std::string(kVersion) + " "));
  EXPECT_EQ(json_of({}).at("hdpsim").at("version"), kVersion);
}

}  // namespace
}  // namespace hdp
