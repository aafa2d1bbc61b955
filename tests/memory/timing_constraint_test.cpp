// SPDX-License-Identifier: Apache-2.0
// Every timing constraint of every shipped memory under both controllers: not ready a cycle before,
// ready at the cycle. The formulas are those of the two reference simulators, in the standards'
// names, and know nothing of sim/memory/timing_rules.cpp.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "memory/dram_banks.hpp"
#include "memory/dram_bench.hpp"

namespace hdp {
namespace {

using enum DramCommand;

enum class To { SameBank, SameGroup, OtherGroup, OtherRank };

struct Constraint {
  DramCommand from, to;
  To where;
  std::int64_t cycles;  ///< -1: none.
};

constexpr Cycle kIssuedAt{1'000};
constexpr std::int64_t kNone = -1;

/// Rules inside a rank that both controllers share. x: an ACT holds the row bus for 1 + x cycles,
/// which lengthens ACT -> X and shortens X -> ACT; `rc` and `turn` differ between the two.
std::vector<Constraint> in_rank(const DramTiming& t, std::int64_t x, std::int64_t rc,
                                std::int64_t turn, std::int64_t bus) {
  const std::int64_t near = std::max({t.burst, t.ccd_s, t.ccd_l}), far = std::max(t.burst, t.ccd_s);
  const std::int64_t written = t.cwl + t.burst;
  const std::int64_t other_pre = t.ppd > 0 ? t.ppd : kNone;
  return {
      {Rd, Rd, To::SameBank, near},
      {Rd, Rd, To::SameGroup, near},
      {Rd, Rd, To::OtherGroup, far},
      {Wr, Wr, To::SameBank, near},
      {Wr, Wr, To::SameGroup, near},
      {Wr, Wr, To::OtherGroup, far},
      {Rd, Wr, To::SameBank, t.cl + t.burst + turn - t.cwl},
      {Rd, Wr, To::OtherGroup, t.cl + t.burst + turn - t.cwl},
      {Wr, Rd, To::SameBank, written + std::max(t.wtr_l, t.wtr_s)},
      {Wr, Rd, To::SameGroup, written + std::max(t.wtr_l, t.wtr_s)},
      {Wr, Rd, To::OtherGroup, written + t.wtr_s},
      {Rd, Pre, To::SameBank, t.rtp},
      {Rd, Pre, To::SameGroup, kNone},
      {Wr, Pre, To::SameBank, written + t.wr},
      {Wr, Pre, To::OtherGroup, kNone},
      {Rd, Act, To::SameGroup, kNone},
      {Act, Act, To::SameBank, std::max({rc, t.rrd_l, t.rrd_s, bus})},
      {Act, Act, To::SameGroup, std::max({t.rrd_l, t.rrd_s, bus})},
      {Act, Act, To::OtherGroup, std::max(t.rrd_s, bus)},
      {Act, Rd, To::SameBank, t.rcd_read + x},
      {Act, Wr, To::SameBank, t.rcd_write + x},
      {Act, Rd, To::SameGroup, kNone},
      {Act, Pre, To::SameBank, t.ras + x},
      {Act, Pre, To::SameGroup, bus > 1 ? bus : kNone},
      {Pre, Act, To::SameBank, t.rp - x},
      {Pre, Act, To::SameGroup, kNone},
      {Pre, Pre, To::SameGroup, other_pre},
      {Pre, Pre, To::OtherGroup, other_pre},
      {Ref, Act, To::SameBank, t.rfc - x},
      {Ref, Act, To::OtherGroup, t.rfc - x},
  };
}

std::vector<Constraint> constraints_of(const DramConfig& config) {
  const DramTiming& t = config.timing;
  const std::int64_t x = t.act_cycles - 1;
  std::vector<Constraint> all;
  const auto add = [&](std::vector<Constraint> more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  if (config.controller == DramController::FrfcfsSharedQueue) {
    add(in_rank(t, x, t.rc, t.read_to_write, t.act_cycles));
    add({{Rd, PreAll, To::SameBank, t.rtp},
         {Wr, PreAll, To::SameBank, t.cwl + t.burst + t.wr},
         {Act, PreAll, To::SameBank, t.ras + x},
         {Act, Ref, To::SameBank, t.rc + x},
         {Pre, Ref, To::SameBank, t.rp},
         {PreAll, Act, To::SameBank, t.rp - x},
         {PreAll, Act, To::OtherGroup, t.rp - x},
         {PreAll, Ref, To::SameBank, t.rp},
         {Ref, PreAll, To::SameBank, t.rfc}});
    if (config.organisation.ranks > 1)
      add({{Rd, Rd, To::OtherRank, t.burst + t.rank_switch},
           {Rd, Wr, To::OtherRank, t.burst + t.rank_switch},
           {Wr, Rd, To::OtherRank, t.cwl + t.burst + t.rank_switch - t.cl}});
  } else {
    add(in_rank(t, x, t.ras + x + t.rp - x, t.rank_switch, 1));
    add({{Pre, Ref, To::SameBank, t.rp - x}});
    if (config.organisation.ranks > 1)
      add({{Rd, Rd, To::OtherRank, t.burst + t.rank_switch},
           {Rd, Wr, To::OtherRank, t.cl + t.burst + t.rank_switch - t.cwl},
           {Wr, Rd, To::OtherRank, t.cwl + t.burst + t.rank_switch - t.cl},
           {Wr, Wr, To::OtherRank, t.burst}});
  }
  if (config.organisation.ranks > 1)
    add({{Act, Act, To::OtherRank,
          x > 0 && config.controller == DramController::FrfcfsSharedQueue ? t.act_cycles : kNone},
         {Ref, Act, To::OtherRank, kNone},
         {Pre, Act, To::OtherRank, kNone}});
  return all;
}

bool acts_on_rank(DramCommand command) { return command == PreAll || command == Ref; }

std::size_t bank_of(To where, const DramOrganisation& device) {
  switch (where) {
    case To::SameBank:
      return 0;
    case To::SameGroup:
      return 1;
    case To::OtherGroup:
      return static_cast<std::size_t>(device.banks_per_group);
    default:
      return static_cast<std::size_t>(device.banks_per_rank());
  }
}

struct DeviceGiven {
  const char* memory;
  DramController controller;
  std::int64_t ranks;
};

class TimingConstraintTest : public testing::TestWithParam<DeviceGiven> {
 protected:
  static DramConfig config() {
    DramConfig config = shipped_memory(GetParam().memory);
    config.controller = GetParam().controller;
    config.organisation.ranks = std::max(config.organisation.ranks, GetParam().ranks);
    return config;
  }
};

TEST_P(TimingConstraintTest, NotReadyACycleBeforeAndReadyAtTheCycle) {
  const DramConfig with = config();
  const auto ranks = static_cast<std::size_t>(with.organisation.ranks);
  int checked = 0;
  for (const Constraint& rule : constraints_of(with)) {
    if (rule.where == To::OtherGroup && with.organisation.bank_groups == 1) continue;
    DramBanks banks(with, ranks);
    if (acts_on_rank(rule.from))
      banks.issue_to_rank(rule.from, 0, kIssuedAt);
    else
      banks.issue(rule.from, 0, 7, kIssuedAt);
    const std::size_t bank = bank_of(rule.where, with.organisation);
    const Cycle ready_at = acts_on_rank(rule.to) ? banks.rank_ready_at(rule.to, banks.rank_of(bank))
                                                 : banks.ready_at(rule.to, bank);
    const auto what = [&] {
      return std::string(kDramCommandNames[index_of(rule.from)]) + " -> " +
             std::string(kDramCommandNames[index_of(rule.to)]) + " bank " + std::to_string(bank);
    };
    if (rule.cycles == kNone) {
      EXPECT_LE(ready_at, kIssuedAt) << what();
    } else {
      EXPECT_FALSE(ready_at <= kIssuedAt + Cycles{rule.cycles - 1}) << what();
      EXPECT_TRUE(ready_at <= kIssuedAt + Cycles{rule.cycles}) << what();
    }
    ++checked;
  }
  EXPECT_GE(checked, 23);
}

TEST_P(TimingConstraintTest, AFifthActivationWaitsForTheWindow) {
  const DramConfig with = config();
  const DramOrganisation& device = with.organisation;
  DramBanks banks(with, static_cast<std::size_t>(device.ranks));
  Cycle at = kIssuedAt, last = kIssuedAt;
  std::vector<std::size_t> order;  // from group to group, then through the groups
  for (std::int64_t bank = 0; bank < device.banks_per_group && order.size() < 5; ++bank)
    for (std::int64_t group = 0; group < device.bank_groups && order.size() < 5; ++group)
      order.push_back(static_cast<std::size_t>(group * device.banks_per_group + bank));
  for (std::size_t i = 0; i < 4; ++i) {
    at = std::max(at, banks.ready_at(Act, order[i]));
    banks.issue(Act, order[i], 1, at);
    last = at;
  }
  const std::int64_t near =
      order[4] % static_cast<std::size_t>(device.banks_per_group) == 0 || device.bank_groups == 1
          ? with.timing.rrd_l
          : with.timing.rrd_s;
  const Cycle wanted = std::max(kIssuedAt + Cycles{with.timing.faw},
                                last + Cycles{std::max(near, with.timing.rrd_s)});
  EXPECT_EQ(banks.ready_at(Act, order[4]), wanted);
}

// Another memory's bus, another pseudo-channel: only the row bus is shared.
TEST(PseudoChannelTest, OnlyTheRowBusIsShared) {
  const DramConfig with = shipped_memory("hbm2_2000");
  const auto other = static_cast<std::size_t>(with.organisation.banks_per_rank());
  for (const DramCommand from : {Act, Rd, Wr, Pre}) {
    DramBanks banks(with, 2);
    banks.issue(from, 0, 7, kIssuedAt);
    for (const DramCommand to : {Act, Pre, Rd, Wr}) {
      const bool row_bus = from == Act && (to == Act || to == Pre);
      if (row_bus)
        EXPECT_EQ(banks.ready_at(to, other), kIssuedAt + Cycles{with.timing.act_cycles});
      else
        EXPECT_LE(banks.ready_at(to, other), kIssuedAt);
    }
  }
}

TEST(BankQueueTimingTest, OneBankGroupTakesTheTimesToAnotherOne) {
  DramConfig with = shipped_memory("lpddr4_3200");
  with.controller = DramController::BankQueues;
  with.timing.ccd_l = with.timing.ccd_s + 5;
  with.timing.rrd_l = with.timing.rrd_s + 5;
  with.timing.wtr_l = with.timing.wtr_s + 5;
  for (const DramCommand command : {Rd, Act}) {
    DramBanks banks(with, 1);
    banks.issue(command, 0, 7, kIssuedAt);
    EXPECT_EQ(banks.ready_at(command, 1),
              kIssuedAt + Cycles{command == Rd ? with.timing.ccd_s : with.timing.rrd_s});
  }
}

std::vector<DeviceGiven> devices_given() {
  std::vector<DeviceGiven> all;
  for (const char* memory :
       {"ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000", "ddr4_2400_stock",
        "ddr4_3200_stock", "lpddr4_2400_stock", "hbm2_stock"})
    for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues})
      for (const std::int64_t ranks : {1, 2})
        if (ranks == 1 || std::string(memory).find("hbm") == std::string::npos)
          all.push_back({memory, controller, ranks});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Memories, TimingConstraintTest, testing::ValuesIn(devices_given()),
                         [](const auto& instance) {
                           return std::string(instance.param.memory) + "_" +
                                  std::string(name_of(instance.param.controller)) + "_" +
                                  std::to_string(instance.param.ranks);
                         });

}  // namespace
}  // namespace hdp
