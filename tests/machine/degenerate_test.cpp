// SPDX-License-Identifier: Apache-2.0
// Where an integer plane is empty nothing can be ranked: the run says so, and what it names mends
// it.
#include <algorithm>
#include <filesystem>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "machine/traces.hpp"
#include <hdp/config/assign.hpp>
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

RunResult played(const HdpConfig& config, const Trace& trace) {
  return play(*make_machine(config), Workload(trace));
}

/// The remark on importances that are all equal; "" without one.
std::string remark_of(const RunResult& run) {
  for (const std::string& remark : run.remarks)
    if (remark.find("are all equal") != std::string::npos) return remark;
  return {};
}

double block_sparsity(const RunResult& run) {
  return run.decisions.find("block_sparsity")->number().value();
}

/// `config` with the change that the remark names.
HdpConfig mended(HdpConfig config, const std::string& remark) {
  const std::size_t set = remark.find("--set ") + 6;
  const std::string change = remark.substr(set, remark.find_last_of('.') - set);
  set_value(config, change);
  return config;
}

void expect_mended(const HdpConfig& config, const Trace& trace, const std::string& plane) {
  const RunResult run = played(config, trace);
  const std::string remark = remark_of(run);
  EXPECT_NE(remark.find("the integer plane of " + plane + " is empty"), std::string::npos)
      << remark;
  EXPECT_EQ(block_sparsity(run), 0);
  const RunResult better = played(mended(config, remark), trace);
  EXPECT_EQ(remark_of(better), "");
  EXPECT_GT(block_sparsity(better), 0.2) << remark;
}

/// Values of Q and K in +-q and +-k.
Trace scaled_trace(float q, float k, bool positive = false) {
  TraceFile file;
  std::mt19937 random(11);
  for (const TensorKind kind : kTensorKinds) {
    std::vector<float> values(2 * 16 * 16);
    const float spread = kind == TensorKind::Q ? q : kind == TensorKind::K ? k : 2;
    for (float& value : values) {
      const float unit = static_cast<float>(random() % 4096) / 4096.0F;
      value = spread * (positive ? unit : 2 * unit - 1);
    }
    file.add(tensor_name(0, kind), {2, 16, 16}, ElementType::F32, bytes_of(values));
  }
  return file.trace();
}

TEST(DegenerateTest, TheSettingThatIsNamedMendsIt) {
  expect_mended({}, scaled_trace(0.45F, 3), "Q");
  expect_mended({}, scaled_trace(0.9F, 3), "Q");
  expect_mended({}, scaled_trace(3, 0.4F), "K");
  expect_mended({}, scaled_trace(0.3F, 0.3F), "Q and K");
  HdpConfig decode;
  decode.prune.importance = Importance::Signed;
  expect_mended(decode, scaled_trace(0.45F, 3), "Q");
}

TEST(DegenerateTest, WithoutASettingThatMendsItNoneIsNamed) {
  const Trace trace = scaled_trace(0.3F, 0.3F, true);
  const std::string remark = remark_of(played({}, trace));
  EXPECT_NE(remark.find("no prune.split mends it"), std::string::npos) << remark;
}

TEST(DegenerateTest, QThatIsDividedAlreadyShouldBeStoredUndivided) {
  const auto says = [](float q, float k) {
    return remark_of(played({}, scaled_trace(q, k))).find("store Q undivided") != std::string::npos;
  };
  EXPECT_TRUE(says(0.45F, 3));
  EXPECT_FALSE(says(3, 0.4F));
}

TEST(DegenerateTest, WhatSaturatesIsNotToBeScaledUp) {
  TraceFile file;
  for (const TensorKind kind : kTensorKinds) {
    std::vector<float> values(2 * 16 * 16, 0.3F);
    if (kind != TensorKind::V) values[0] = 1e6F;
    file.add(tensor_name(0, kind), {2, 16, 16}, ElementType::F32, bytes_of(values));
  }
  const RunResult run = played({}, file.trace());
  EXPECT_NE(remark_of(run).find("no prune.split mends it."), std::string::npos) << remark_of(run);
  EXPECT_EQ(std::ranges::count_if(run.remarks,
                                  [](const std::string& remark) {
                                    return remark.find("saturate") != std::string::npos;
                                  }),
            1);
}

TEST(DegenerateTest, ABalancedRuleThatRanksNothingSaysSoToo) {
  HdpConfig config;
  config.prune.rule = PruneRule::TopK;
  EXPECT_NE(remark_of(played(config, scaled_trace(0.45F, 3))), "");
  EXPECT_EQ(remark_of(played(config, scaled_trace(3, 3))), "");
}

TEST(DegenerateTest, DenseAttentionAndOrdinaryValuesAreNotRemarkedOn) {
  EXPECT_EQ(remark_of(played({}, scaled_trace(3, 3))), "");
  EXPECT_EQ(remark_of(played(without_pruning({}), scaled_trace(0.45F, 3))), "");
}

TEST(DegenerateTest, TheExampleOfTheFaultIsMended) {
  const auto file = std::filesystem::path(HDP_REFERENCE_DIR) / "faults/prescaled_q.safetensors";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  const Catalog catalog({std::string(HDP_SOURCE_DIR) + "/configs"});
  expect_mended(resolve_hdp(catalog, "hdp_edge"), load_trace(file), "Q");
}

TEST(RemarksTest, NoneAdvisesWhatIsOn) {
  const Trace trace = random_trace({2, 2, 16, 16, 16}, Stage::Prefill, false, 3, 1, 9);
  const auto says = [&](const HdpConfig& config, std::string_view words) {
    for (const std::string& remark : played(config, trace).remarks)
      if (remark.find(words) != std::string::npos) return true;
    return false;
  };
  HdpConfig config;
  config.prune.rho = 0.9;  // keeps little of the mass
  EXPECT_FALSE(says(config, "fraction_bits=auto"));
  EXPECT_TRUE(says(config, "prune.importance=signed"));
  config.prune.importance = Importance::Signed;
  EXPECT_FALSE(says(config, "prune.importance=signed"));
  config.prune.fraction_bits = 14;
  EXPECT_TRUE(says(config, "fraction_bits=auto"));
  config.prune.fraction_bits = std::nullopt;
  config.prune.word_bits = 8;  // the fewest fraction bits are 0: +-127
  EXPECT_FALSE(says(config, "saturate"));
}

}  // namespace
}  // namespace hdp::test
