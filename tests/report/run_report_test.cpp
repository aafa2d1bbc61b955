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
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/beside.hpp>

namespace hdp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLowMass = "of the dense probability mass is kept";

const Workload& shipped() {
  static const Workload workload(load_trace(std::filesystem::path(HDP_SOURCE_DIR) /
                                            "configs/workloads/minilm_sotu_n64.safetensors"));
  return workload;
}

Comparison compare(const HdpConfig& config, unsigned threads = 1) {
  PlayOptions options;
  options.threads = threads;
  return play_beside(*make_machine(config), shipped(), Baseline(), options);
}

std::string text_of(const HdpConfig& config) { return make_machine(config)->text(); }

nlohmann::json json_of(const HdpConfig& config) {
  return nlohmann::json::parse(report_json(compare(config), false));
}

TEST(RunReportTest, TheSameRunGivesTheSameBytes) {
  const Comparison first = compare({}, 1);
  const Comparison second = compare({}, 3);
  EXPECT_EQ(report_json(first, true), report_json(second, true));
  EXPECT_EQ(report_text(first), report_text(second));
}

TEST(RunReportTest, LowMassIsSaidInASentence) {
  const Comparison comparison = compare({});
  ASSERT_LT(comparison.run.fidelity.mass_kept(), 0.5);
  EXPECT_THAT(report_text(comparison), HasSubstr(kLowMass));
  EXPECT_THAT(report_text(comparison), HasSubstr("try --set prune.importance=signed"));
}

TEST(RunReportTest, WhereSignedImportanceKeepsTheMassNothingIsSaid) {
  HdpConfig config;
  config.prune.importance = Importance::Signed;
  const Comparison comparison = compare(config);
  ASSERT_GT(comparison.run.fidelity.mass_kept(), 0.5);
  EXPECT_THAT(report_text(comparison), Not(HasSubstr(kLowMass)));
}

TEST(RunReportTest, SaturatedValuesAreSaid) {
  HdpConfig config;
  config.prune.fraction_bits = 14;
  EXPECT_THAT(report_text(compare(config)), HasSubstr("saturate in 14 fraction bits"));
  config.prune.fraction_bits = 8;
  EXPECT_THAT(report_text(compare(config)), Not(HasSubstr("saturate")));
}

TEST(RunReportTest, TheReportHoldsTheConfigurationThatItsDigestIsOf) {
  const auto report = json_of({});
  const std::string text = text_of({});
  EXPECT_EQ(report.at("config_sha256"), sha256_hex(text));
  EXPECT_EQ(report.at("config"), nlohmann::json::parse(text));
  HdpConfig back;
  read_settings(back, report.at("config").dump(), "report");
  EXPECT_EQ(text_of(back), text);
}

TEST(RunReportTest, ASettingChangesTheDigest) {
  HdpConfig config;
  config.prune.rho = 0.25;
  EXPECT_NE(sha256_hex(text_of(config)), sha256_hex(text_of({})));
}

TEST(RunReportTest, SpeedupIsBaselineTimeOverTime) {
  const Comparison comparison = compare({});
  const auto base = nlohmann::json::parse(report_json(comparison, false)).at("baseline");
  EXPECT_EQ(base.at("speedup").get<double>(),
            comparison.baseline->time_ns() / comparison.run.time_ns());
  EXPECT_EQ(base.at("energy_ratio").get<double>(),
            *comparison.baseline->total_pj() / *comparison.run.total_pj());
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
