// SPDX-License-Identifier: Apache-2.0
#include "memory/dram_banks.hpp"

#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"

namespace hdp {
namespace {

using enum DramCommand;

/// `to` at bank `to_bank` is legal exactly `cycles` after `from` at bank 0; -1: there is no rule.
struct Rule {
  DramCommand from, to;
  std::size_t to_bank;
  std::int64_t cycles;
};

constexpr Cycle kThen{1'000};

bool is_for_rank(DramCommand command) { return command == PreAll || command == Ref; }

void expect_rules(const DramConfig& config, std::size_t ranks, const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) {
    DramBanks banks(config, ranks);
    if (is_for_rank(rule.from))
      banks.issue_to_rank(rule.from, 0, kThen);
    else
      banks.issue(rule.from, 0, 7, kThen);
    const Cycle ready_at = is_for_rank(rule.to)
                               ? banks.rank_ready_at(rule.to, banks.rank_of(rule.to_bank))
                               : banks.ready_at(rule.to, rule.to_bank);
    const auto name = [](DramCommand command) { return kDramCommandNames[index_of(command)]; };
    if (rule.cycles < 0)
      EXPECT_LE(ready_at, kThen) << name(rule.from) << " " << name(rule.to) << " " << rule.to_bank;
    else
      EXPECT_EQ(ready_at, kThen + Cycles{rule.cycles})
          << name(rule.from) << " " << name(rule.to) << " " << rule.to_bank;
  }
}

// Banks of a rank: 0 the same, 1 the same group, 4 another group, 16 another rank.

TEST(DramBanksTest, Ddr4KeepsEveryRule) {
  expect_rules(
      shipped_memory("ddr4_2400r"), 1,
      {{Rd, Rd, 0, 6},       {Rd, Rd, 1, 6},       {Rd, Rd, 4, 4},       {Wr, Wr, 1, 6},
       {Wr, Wr, 4, 4},       {Rd, Wr, 0, 10},      {Rd, Wr, 4, 10},      {Wr, Rd, 1, 25},
       {Wr, Rd, 4, 19},      {Rd, Pre, 0, 9},      {Rd, Pre, 1, -1},     {Rd, PreAll, 0, 9},
       {Wr, Pre, 0, 34},     {Wr, PreAll, 0, 34},  {Act, Act, 0, 55},    {Act, Act, 1, 6},
       {Act, Act, 4, 4},     {Act, Rd, 0, 16},     {Act, Wr, 0, 16},     {Act, Rd, 1, -1},
       {Act, Pre, 0, 39},    {Act, PreAll, 0, 39}, {Act, Ref, 0, 55},    {Pre, Act, 0, 16},
       {Pre, Act, 1, -1},    {Pre, Ref, 0, 16},    {Pre, Pre, 1, -1},    {PreAll, Act, 4, 16},
       {PreAll, Ref, 0, 16}, {Ref, Act, 4, 433},   {Ref, PreAll, 0, 433}});
}

TEST(DramBanksTest, OtherRanksShareTheDataBus) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.organisation.ranks = 2;
  expect_rules(config, 2,
               {{Rd, Rd, 16, 6},
                {Rd, Wr, 16, 6},
                {Wr, Rd, 16, 4 + 12 + 2 - 16},
                {Wr, Wr, 16, 4},
                {Act, Act, 16, -1},
                {Ref, Act, 16, -1}});
  config.controller = DramController::BankQueues;
  expect_rules(
      config, 2,
      {{Rd, Rd, 16, 6}, {Rd, Wr, 16, 10}, {Wr, Rd, 16, 2}, {Wr, Wr, 16, 4}, {Act, Act, 16, -1}});
}

TEST(DramBanksTest, AnActOfTwoCyclesHoldsTheRowBusOfBothPseudoChannels) {
  expect_rules(shipped_memory("hbm2_2000"), 2,
               {{Rd, Rd, 1, 4},        {Rd, Rd, 4, 2},    {Rd, Rd, 16, -1},     {Rd, Wr, 4, 13},
                {Wr, Rd, 4, 13},       {Wr, Rd, 1, 15},   {Rd, Pre, 0, 5},      {Wr, Pre, 0, 23},
                {Act, Act, 0, 48},     {Act, Act, 4, 4},  {Act, Act, 16, 2},    {Act, Pre, 16, 2},
                {Act, PreAll, 16, 2},  {Act, Ref, 16, 2}, {Act, Rd, 16, -1},    {Act, Rd, 0, 15},
                {Act, Wr, 0, 13},      {Act, Pre, 0, 35}, {Act, PreAll, 0, 35}, {Act, Ref, 0, 49},
                {Pre, Act, 0, 13},     {Pre, Ref, 0, 14}, {PreAll, Act, 0, 13}, {Ref, Act, 0, 259},
                {Ref, PreAll, 0, 260}, {Ref, Act, 16, -1}});
}

TEST(DramBanksTest, BankQueuesGiveAPseudoChannelTheSameTimesWithAnActOfOneCycle) {
  DramConfig config = shipped_memory("hbm2_2000");
  config.controller = DramController::BankQueues;
  expect_rules(config, 1,
               {{Act, Rd, 0, 15},
                {Act, Wr, 0, 13},
                {Act, Pre, 0, 35},
                {Act, Act, 0, 48},
                {Pre, Act, 0, 13},
                {Pre, Ref, 0, 13},
                {Ref, Act, 0, 259},
                {Rd, Wr, 0, 13}});
}

TEST(DramBanksTest, Lpddr4SpacesPrecharges) {
  expect_rules(shipped_memory("lpddr4_3200"), 1,
               {{Pre, Pre, 1, 4},
                {Rd, Rd, 1, 8},
                {Rd, Wr, 1, 24},
                {Wr, Rd, 1, 38},
                {Act, Act, 1, 16},
                {Ref, Act, 0, 448}});
}

TEST(DramBanksTest, AWindowHoldsFourActivations) {
  DramBanks banks(shipped_memory("ddr4_2400r"), 1);
  Cycle at = kThen;
  for (const std::size_t bank : {0U, 4U, 8U, 12U}) {
    EXPECT_LE(banks.ready_at(Act, bank), at);
    banks.issue(Act, bank, 1, at);
    at = at + Cycles{4};
  }
  EXPECT_EQ(banks.ready_at(Act, 1), kThen + Cycles{26});
}

}  // namespace
}  // namespace hdp
