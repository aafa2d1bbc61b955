// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/config/ignored.hpp>

namespace hdp::test {
namespace {

IgnoredSettings sample() {
  IgnoredSettings ignored, of_group;
  add_ignored(of_group, {"rate", "dram"}, "the memory is off", "on=true");
  add_ignored(ignored, "memory", of_group);
  add_ignored(ignored, {"seed"}, "nothing is drawn", "random=true");
  return ignored;
}

std::string refusal(const std::vector<std::string>& changes,
                    const std::vector<IgnoredSettings>& runs = {sample()}) {
  try {
    refuse_ignored(changes, runs);
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "";
}

TEST(IgnoredTest, AChangeOfWhatIsIgnoredIsRefusedWithTheWayOut) {
  EXPECT_EQ(refusal({"cores=2", "memory.rate=5"}),
            "memory.rate: 5 changes nothing: the memory is off; allowed: with memory.on=true");
  EXPECT_EQ(refusal({"seed=1"}),
            "seed: 1 changes nothing: nothing is drawn; allowed: with random=true");
  EXPECT_NE(refusal({"memory.dram.timing.cl=3"}), "") << "a member of a group";
  EXPECT_NE(refusal({"memory.dram={}"}), "");
}

TEST(IgnoredTest, WhatOnlyBeginsAlikeIsNotMeant) {
  EXPECT_EQ(refusal({"seeds=1", "memory.rates=5", "memory.on=false", "memory"}), "");
}

TEST(IgnoredTest, EveryValueOfAnObjectCounts) {
  EXPECT_EQ(refusal({R"(memory={"on": true, "size": 3})"}), "");
  EXPECT_EQ(refusal({R"(memory={"on": true, "dram": {"cl": 3}})"}).substr(0, 12), "memory.dram:");
}

TEST(IgnoredTest, AGroupFromAFileMayHoldAlternatives) {
  EXPECT_EQ(refusal({"memory=@file.json"}), "");
  EXPECT_EQ(refusal({"memory.dram=@file.json"}),
            "memory.dram: @file.json changes nothing: the memory is off; allowed: with "
            "memory.on=true");
}

TEST(IgnoredTest, OneRunInWhichItCountsIsEnough) {
  EXPECT_EQ(refusal({"seed=1", "memory.rate=5"}, {sample(), {}}), "");
  EXPECT_NE(refusal({"seed=1"}, {sample(), sample()}), "");
  EXPECT_EQ(refusal({"seed=1"}, {}), "");
}

TEST(IgnoredTest, OnlyASettingIsNeededUnderTheNameOfTheGroup) {
  IgnoredSettings of_group, ignored;
  add_ignored(of_group, {"share"}, "the workload is a decode", "a prefill");
  add_ignored(ignored, "prune", of_group);
  EXPECT_EQ(refusal({"prune.share=1"}, {ignored}),
            "prune.share: 1 changes nothing: the workload is a decode; allowed: with a prefill");
}

}  // namespace
}  // namespace hdp::test
