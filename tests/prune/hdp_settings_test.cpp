// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/config/read.hpp>
#include <hdp/prune/hdp_settings.hpp>

namespace hdp {
namespace {

using test::error_of;

HdpSettings from(const std::string& json) {
  HdpSettings settings;
  read_settings(settings, json, "");
  return settings;
}

TEST(HdpSettingsTest, TheDefaultsAreThoseOfTheDefinition) {
  const HdpSettings settings = from("{}");
  EXPECT_EQ(settings.word_bits, 16);
  EXPECT_EQ(settings.fraction_bits, 12);
  EXPECT_EQ(settings.max_saturated, 1e-4);
  EXPECT_EQ(settings.split, SplitMode::Trunc);
  EXPECT_EQ(settings.block_size, 2);
  EXPECT_EQ(settings.rho, 0.2);
  EXPECT_EQ(settings.rule, PruneRule::Threshold);
  EXPECT_EQ(settings.keep, 0.3);
  EXPECT_EQ(settings.tau, -1.0);
  EXPECT_TRUE(settings.approximation);
  EXPECT_EQ(settings.masked, Masked::Exclude);
  EXPECT_EQ(settings.importance, Importance::Absolute);
}

TEST(HdpSettingsTest, TheNamesOfTheChoicesAreRead) {
  const HdpSettings settings = from(
      R"({"fraction_bits": "auto", "split": "nearest", "masked": "zero", "importance": "signed"})");
  EXPECT_EQ(settings.fraction_bits, std::nullopt);
  EXPECT_EQ(settings.split, SplitMode::Nearest);
  EXPECT_EQ(settings.masked, Masked::Zero);
  EXPECT_EQ(settings.importance, Importance::Signed);
}

TEST(HdpSettingsTest, RhoExcludesBothOfItsEnds) {
  EXPECT_EQ(from(R"({"rho": 0.999})").rho, 0.999);
  EXPECT_EQ(from(R"({"rho": -0.999})").rho, -0.999);
  for (const std::string rho : {"1", "-1", "1.5"}) {
    const std::string text = error_of([&] { from(R"({"rho": )" + rho + "}"); });
    EXPECT_NE(text.find("/rho"), std::string::npos) << text;
  }
}

TEST(HdpSettingsTest, WidthsOutsideTheirRangeAreErrors) {
  for (const std::string field :
       {R"("word_bits": 3)", R"("word_bits": 25)", R"("fraction_bits": -1)",
        R"("fraction_bits": 24)", R"("block_size": 0)"})
    EXPECT_NE(error_of([&] { from("{" + field + "}"); }), "") << field;
}

TEST(HdpSettingsTest, KeepIsAShareAboveZero) {
  EXPECT_EQ(from(R"({"rule": "top_k", "keep": 1})").rule, PruneRule::TopK);
  EXPECT_EQ(error_of([] { from(R"({"keep": 1.5})"); }), "/keep: 1.5 is outside [0, 1] [share]");
  EXPECT_EQ(error_of([] { validate({.keep = 0}); }),
            "/prune/keep: 0 keeps no block [share]; allowed: above 0, up to 1");
  EXPECT_EQ(error_of([] { from(R"({"rule": "topk"})"); }),
            "/rule: \"topk\" is no choice; allowed: threshold, top_k; did you mean 'top_k'?");
}

TEST(HdpSettingsTest, ShareOfARowIsRoundedDownToAtLeastOneBlock) {
  const HdpSettings settings{.keep = 0.3};
  EXPECT_EQ(settings.kept_of(1), 1);
  EXPECT_EQ(settings.kept_of(6), 1);
  EXPECT_EQ(settings.kept_of(7), 2);
  EXPECT_EQ(settings.kept_of(10), 3);
  EXPECT_EQ(HdpSettings{.keep = 1}.kept_of(9), 9);
  EXPECT_EQ(HdpSettings{.keep = 0.29}.kept_of(100), 28) << "0.29 * 100 is below 29 in double";
}

TEST(HdpSettingsTest, FractionBitsMustLeaveASign) {
  EXPECT_EQ(error_of([] { validate({.word_bits = 12, .fraction_bits = 11}); }), "");
  EXPECT_EQ(error_of([] { validate({.word_bits = 12, .fraction_bits = std::nullopt}); }), "");
  EXPECT_EQ(error_of([] { validate({.word_bits = 12, .fraction_bits = 12}); }),
            "/prune/fraction_bits: 12 fraction bits leave no sign in a word of 12 [bits]; "
            "allowed: 0 to 11, or auto");
}

TEST(HdpSettingsTest, ProbabilityIsOffUnlessItIsSet) {
  EXPECT_FALSE(from("{}").probability);
  const HdpSettings settings = from(R"({"split": "floor", "probability": {"chunk_bits": [4, 8]}})");
  ASSERT_TRUE(settings.probability);
  EXPECT_EQ(settings.probability->threshold, 1e-3);
  EXPECT_EQ(fraction_chunks(settings, 12), (std::vector<std::int64_t>{4, 8}));
  EXPECT_EQ(error_of([&] { validate(settings); }), "");
}

TEST(HdpSettingsTest, WithoutAListOfChunksThereIsOneOfAllFractionBits) {
  const HdpSettings settings{.split = SplitMode::Floor, .probability = HdpProbability{}};
  EXPECT_EQ(fraction_chunks(settings, 9), (std::vector<std::int64_t>{9}));
  EXPECT_TRUE(fraction_chunks(settings, 0).empty());
}

TEST(HdpSettingsTest, ProbabilityNeedsPlanesOfATwosComplementCode) {
  HdpSettings settings{.split = SplitMode::Floor, .probability = HdpProbability{}};
  settings.masked = Masked::Zero;
  EXPECT_EQ(error_of([&] { validate(settings); }),
            "/prune/probability: does not go with /prune/masked zero; allowed: null, or with "
            "/prune/masked exclude");
  settings.split = SplitMode::Trunc;
  EXPECT_EQ(error_of([&] { validate(settings); }),
            "/prune/probability: does not go with /prune/split trunc; allowed: null, or with "
            "/prune/split floor");
}

TEST(HdpSettingsTest, ChunksAddUpToTheFractionBits) {
  HdpSettings settings{.split = SplitMode::Floor, .probability = HdpProbability{}};
  settings.probability->chunk_bits = {4, 4};
  EXPECT_EQ(error_of([&] { validate(settings); }),
            "/prune/probability/chunk_bits: [4, 4] add up to 8 [bits]; allowed: chunks of the 12 "
            "fraction bits in use, or []");
  settings.fraction_bits = std::nullopt;
  EXPECT_EQ(error_of([&] { validate(settings); }), "") << "known with the trace only";
}

}  // namespace
}  // namespace hdp
