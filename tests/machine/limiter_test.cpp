// SPDX-License-Identifier: Apache-2.0
// The name of what bounds a run, from its accounts.
#include "machine/limiter.hpp"

#include <gtest/gtest.h>

namespace hdp::test {
namespace {

UnitReport unit(const std::string& kind, std::int64_t busy, bool datapath = false) {
  return {.instance = kind,
          .kind = kind,
          .datapath = datapath,
          .total = 1000,
          .idle = 1000 - busy,
          .busy = busy};
}

RunResult run(std::vector<UnitReport> units, std::vector<CriticalTime> path) {
  RunResult result;
  result.cycles = 1000;
  result.units = std::move(units);
  result.critical_path = std::move(path);
  return result;
}

TEST(LimiterTest, IsWhatTheEndHungOn) {
  const Limiter limiter =
      limiter_of(run({unit("multiplier_array", 509, true), unit("softmax", 996)},
                     {{"multiplier_array", 4, 0}, {"softmax", 990, 6}}));
  EXPECT_EQ(limiter.name, "softmax");
  EXPECT_DOUBLE_EQ(limiter.share, 0.996);
}

TEST(LimiterTest, AUnitBesideOneThatIsAsBusySavesNothing) {
  // The array has more of the path, but the softmax is never idle.
  const Limiter limiter = limiter_of(run({unit("pe_array", 600, true), unit("softmax", 1000)},
                                         {{"pe_array", 600, 0}, {"softmax", 100, 300}}));
  EXPECT_EQ(limiter.name, "softmax");
}

TEST(LimiterTest, OperandsThatTakeLongerThanTheProductsAreABusySram) {
  // Faster products or a faster memory would wait for the operands, which take 95 % of the time.
  UnitReport array = unit("pe_array", 500, true);
  array.counters = {{"operand_cycles", 950}};
  const Limiter limiter =
      limiter_of(run({array}, {{"pe_array", 300, 0}, {"memory", 0, 400}, {"sram", 300, 0}}));
  EXPECT_EQ(limiter.name, "sram");
}

TEST(LimiterTest, WorkAndLatencyAreNotRelievedTogether) {
  const Limiter limiter =
      limiter_of(run({unit("pe_array", 300, true)}, {{"pe_array", 400, 0}, {"memory", 300, 300}}));
  EXPECT_EQ(limiter.name, "pe_array");
}

TEST(LimiterTest, CoresGoBehindAUnitThatSavesAsMuch) {
  const std::vector<UnitReport> units{unit("pe_array", 900, true)};
  const Dealing dealing{.cores = 2, .contexts = 1, .pieces = {12}};
  EXPECT_EQ(limiter_of(run(units, {{"pe_array", 900, 100}}), dealing).name, "pe_array");
  const std::vector<CriticalTime> spread{
      {"pe_array", 400, 0}, {"softmax", 300, 0}, {"sram", 300, 0}};
  EXPECT_EQ(limiter_of(run(units, spread), dealing).name, "core");
  EXPECT_EQ(limiter_of(run(units, spread), {.cores = 12, .contexts = 1, .pieces = {12}}).name,
            "pe_array");  // no head is left for more cores
}

TEST(LimiterTest, CoresSaveNothingWhereEverySliceHasOne) {
  const std::vector<UnitReport> units{unit("pe_array", 400, true), unit("softmax", 300)};
  const std::vector<CriticalTime> path{{"pe_array", 400, 0}, {"softmax", 300, 0}, {"sram", 300, 0}};
  EXPECT_EQ(limiter_of(run(units, path), {.cores = 2, .contexts = 1, .pieces = {2}}).name,
            "pe_array");
  // Two on one core and one on the other: beside each other they seldom meet.
  EXPECT_NE(limiter_of(run(units, path), {.cores = 2, .contexts = 2, .pieces = {3}}).name, "core");
  EXPECT_EQ(limiter_of(run(units, path), {.cores = 2, .contexts = 2, .pieces = {16}}).name, "core");
}

TEST(LimiterTest, ALargerArrayTakesItsOperandsInFewerPasses) {
  UnitReport array = unit("pe_array", 820, true);
  array.counters = {{"operand_cycles", 970}};
  const std::vector<CriticalTime> path{{"pe_array", 820, 0}, {"sram", 150, 0}};
  EXPECT_EQ(limiter_of(run({array}, path), {.operand_share = 0.3}).name, "pe_array");
  EXPECT_EQ(limiter_of(run({array}, path), {.operand_share = 0.97}).name, "sram");
}

TEST(LimiterTest, PartialTilesSaveLess) {
  const std::vector<CriticalTime> path{{"pe_array", 700, 0}, {"memory", 300, 0}};
  EXPECT_EQ(limiter_of(run({}, path)).name, "pe_array");
  EXPECT_EQ(limiter_of(run({}, path), {.savings = {{"pe_array", 0.0}}}).name, "memory");
}

}  // namespace
}  // namespace hdp::test
