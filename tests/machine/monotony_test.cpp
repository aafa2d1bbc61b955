// SPDX-License-Identifier: Apache-2.0
// More hardware is no slower on these examples. The sequencer is greedy, so that this is no law
// (docs/hdp.md): the bounds of the second half are.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/arbitrary.hpp"

namespace hdp::test {
namespace {

struct Layer {
  LayerShape shape{6, 6, 40, 40, 64};
  Problem problem{0, 40, 40, false};
  std::vector<HdpPlan> plans;
};

Layer six_heads() {
  Layer layer;
  for (std::int64_t h = 0; h < 6; ++h) {
    layer.plans.push_back(
        plan_of(layer.problem, 2, leftmost(layer.problem, 2, 3 + 2 * h), h % 3 != 1));
    layer.plans.back().head_limit = 450 * h;
  }
  return layer;
}

HdpConfig edge() {
  HdpConfig config = unloaded(8, 8);
  config.clock_mhz = 1000;
  config.memory.bandwidth_mb_per_s = 12'800;
  config.memory.latency_cycles = 100;
  config.core.contexts = 2;
  return config;
}

std::int64_t cycles(const HdpConfig& config) {
  const Layer layer = six_heads();
  return play(config, layer.shape, layer.plans).cycles;
}

TEST(MonotonyTest, EarlyKeepIsFasterHereAndMovesTheSame) {
  const Layer layer = six_heads();
  for (const std::int64_t contexts : {1, 2}) {
    HdpConfig config = edge();
    config.core.contexts = contexts;
    const Played late = play(config, layer.shape, layer.plans);
    config.core.early_keep = true;
    const Played early = play(config, layer.shape, layer.plans);
    EXPECT_LE(early.cycles, late.cycles) << contexts;
    EXPECT_EQ(early.cycles < late.cycles, contexts == 1);  // a second head fills the gap as well
    EXPECT_EQ(early.read, late.read);
    EXPECT_EQ(early.written, late.written);
    EXPECT_EQ(early.totals().macs, late.totals().macs);
  }
}

TEST(MonotonyTest, TwoContextsAreFasterThanOne) {
  HdpConfig one = edge();
  one.core.contexts = 1;
  EXPECT_LT(cycles(edge()), cycles(one));
}

TEST(MonotonyTest, MoreBandwidthIsNoSlower) {
  std::int64_t before = INT64_MAX;
  for (const std::int64_t mb : {400, 800, 1'600, 3'200, 6'400, 12'800, 25'600, 1'000'000}) {
    HdpConfig config = edge();
    config.memory.bandwidth_mb_per_s = mb;
    const std::int64_t now = cycles(config);
    EXPECT_LE(now, before) << mb;
    before = now;
  }
}

TEST(MonotonyTest, MoreCoresAreNoSlowerUpToOneAHead) {
  std::int64_t before = INT64_MAX;
  for (const std::int64_t cores : {1, 2, 3, 6}) {
    HdpConfig config = edge();
    config.cores = cores;
    const std::int64_t now = cycles(config);
    EXPECT_LT(now, before) << cores;
    before = now;
  }
}

RC_GTEST_PROP(MonotonyTest, NoRunIsShorterThanItsArrayOrItsBytesTake, ()) {
  const MachineCase c = arbitrary_case();
  const Played played = play(c.config, c.shape, c.plans);
  for (const UnitReport& unit : played.units) RC_ASSERT(unit.busy <= played.cycles);
  const std::int64_t bytes = played.memory.read_bytes + played.memory.written_bytes;
  RC_ASSERT(bytes * c.config.clock_mhz <= played.cycles * c.config.memory.ideal_bandwidth());
}

RC_GTEST_PROP(MonotonyTest, EarlyKeepMovesAndComputesTheSameAnywhere, ()) {
  MachineCase c = arbitrary_case();
  c.config.core.early_keep = false;
  const Played late = play(c.config, c.shape, c.plans);
  c.config.core.early_keep = true;
  const Played early = play(c.config, c.shape, c.plans);
  RC_ASSERT(early.read == late.read);
  RC_ASSERT(early.written == late.written);
  RC_ASSERT(early.totals().macs == late.totals().macs);
}

}  // namespace
}  // namespace hdp::test
