// SPDX-License-Identifier: Apache-2.0
// STA's machine: bytes, what stays, the pattern, orders of ticks, messages.
#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <machine/sta_bench.hpp>
#include <rapidcheck/gtest.h>

#include "machine/prices.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/machine/sta/kind.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

StaResult play_sta(const StaConfig& config, const Trace& trace, PlayOptions options = {}) {
  options.fidelity = options.fidelity.value_or(false);
  return run_sta(config, trace, options);
}

std::int64_t read(const StaResult& run, Tensor tensor) { return bytes_of(run.read_bytes, tensor); }

void expect_same(const StaResult& a, const StaResult& b) {
  RC_ASSERT(a.cycles == b.cycles);
  for (std::size_t u = 0; u < a.units.size(); ++u) {
    RC_ASSERT(a.units[u].busy == b.units[u].busy);
    RC_ASSERT(a.units[u].idle == b.units[u].idle);
    for (std::size_t r = 0; r < a.units[u].blocked.size(); ++r)
      RC_ASSERT(a.units[u].blocked[r].value == b.units[u].blocked[r].value);
  }
  RC_ASSERT(a.read_bytes == b.read_bytes);
  for (std::size_t r = 0; r < a.records.size(); ++r)
    for (std::size_t p = 0; p < kRecordedPhases; ++p) {
      RC_ASSERT(a.records[r].phases[p].start == b.records[r].phases[p].start);
      RC_ASSERT(a.records[r].phases[p].end == b.records[r].phases[p].end);
    }
}

struct RandomRun {
  StaConfig config;
  std::vector<Trace> sequences;
};

RandomRun random_run() {
  const auto in = [](int low, int high) {
    return static_cast<std::int64_t>(*rc::gen::inRange(low, high));
  };
  RandomRun c;
  c.config.array = {in(1, 9), in(1, 9), in(1, 4), in(1, 6)};
  c.config.softmax = {in(1, 9), in(1, 20)};
  c.config.score_buffer_bytes = in(500, 3'000);
  c.config.layer.weight_buffer_bytes = in(500, 3'000);
  c.config.layer.input_buffer_bytes = c.config.layer.output_buffer_bytes = in(600, 2'000);
  c.config.layer.activation_bits = in(2, 13);
  c.config.layer.vector_lanes = in(1, 10);
  c.config.layer.fetch = {in(8, 100), in(1, 20)};
  c.config.memory.bandwidth_mb_per_s = in(500, 20'000);
  c.config.memory.latency_cycles = in(0, 60);
  const bool decode = in(0, 2) == 1;
  const std::int64_t layers = in(1, 3), sequences = in(1, 4), kv_heads = in(1, 3);
  const std::int64_t heads = kv_heads * in(1, 4), d = in(1, 20);
  const bool causal = in(0, 2) == 1;
  for (std::int64_t s = 0; s < sequences; ++s) {
    const std::int64_t queries = in(1, decode ? 4 : 20);
    c.sequences.push_back(sta_trace({heads, kv_heads, queries, queries + in(0, 30), d},
                                    decode ? Stage::Decode : Stage::Prefill, causal, layers));
  }
  return c;
}

RC_GTEST_PROP(StaMachineTest, NoOrderOfTicksChangesAnything, ()) {
  const RandomRun c = random_run();
  const auto played = [&](PlayOptions options) {
    options.fidelity = false;
    return run_sta(c.config, c.sequences, options);
  };
  const StaResult want = played({});
  PlayOptions options;
  options.idle_cycles = IdleCycles::Visit;
  options.order.resize(8);
  std::iota(options.order.begin(), options.order.end(), std::size_t{0});
  RandomStream random(static_cast<std::uint64_t>(*rc::gen::inRange(0, 1'000'000)), "orders");
  for (int i = 0; i < 3; ++i) {
    for (std::size_t u = 7; u > 0; --u)
      std::swap(options.order[u], options.order[random.below(u + 1)]);
    expect_same(played(options), want);
    options.idle_cycles = IdleCycles::Skip;
  }
}

RC_GTEST_PROP(StaMachineTest, EveryPairIsComputedAndNothingOfTheSoftmaxLeaves, ()) {
  const RandomRun c = random_run();
  const StaResult run = run_sta(c.config, c.sequences, {.fidelity = true});
  std::int64_t macs = 0;
  for (const Trace& trace : c.sequences)
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer)
      for (const Problem& problem : problems(trace, layer))
        macs += problem.entries() * trace.shape(layer).heads * trace.shape(layer).d;
  RC_ASSERT(run.totals.score_macs == macs);
  RC_ASSERT(run.totals.value_macs == macs);
  RC_ASSERT(run.counts.pairs * c.sequences[0].shape(0).d == macs);
  RC_ASSERT(run.totals.engine.products >= 2 * macs);
  std::int64_t operands = 0;
  for (const Tensor tensor : {Tensor::Q, Tensor::K, Tensor::V}) operands += read(run, tensor);
  RC_ASSERT(run.memory.read_bytes == operands);
}

TEST(StaMachineTest, WhatFitsAHalfIsReadOnce) {
  const StaShape shape{6, 2, 40, 40, 32};
  const StaResult run = play_sta(unloaded_sta(), sta_trace(shape));
  EXPECT_EQ(read(run, Tensor::Q), 6 * 40 * 32);
  EXPECT_EQ(read(run, Tensor::K), 2 * 40 * 32);
  EXPECT_EQ(read(run, Tensor::V), 2 * 40 * 32);
  EXPECT_EQ(bytes_of(run.written_bytes, Tensor::Out), 6 * 40 * 32);
  EXPECT_EQ(run.totals.strips, 2 * 8);  // 120 rows that share K and V, in strips of 16
}

TEST(StaMachineTest, WhatDoesNotIsReadForEveryStrip) {
  StaConfig config = unloaded_sta();
  config.layer.weight_buffer_bytes = 2 * 1'279;  // a byte less than K
  const StaResult run = play_sta(config, sta_trace({6, 2, 40, 40, 32}));
  EXPECT_EQ(read(run, Tensor::K), 16 * 40 * 32);
  EXPECT_EQ(read(run, Tensor::V), 16 * 40 * 32);
}

TEST(StaMachineTest, ADecodeStepWritesItsRowAndReadsItBack) {
  const StaResult run = play_sta(unloaded_sta(), sta_trace({4, 2, 3, 23, 16}, Stage::Decode));
  EXPECT_EQ(bytes_of(run.written_bytes, Tensor::K), 3 * 2 * 16);
  EXPECT_EQ(bytes_of(run.written_bytes, Tensor::V), 3 * 2 * 16);
  EXPECT_EQ(read(run, Tensor::K), 2 * 16 * (21 + 22 + 23));
  EXPECT_EQ(run.records.size(), 3U * 2U);
}

TEST(StaMachineTest, KeysThatNobodySeesTakeNoTime) {
  const StaShape shape{1, 1, 64, 64, 32};
  const StaResult all = play_sta(unloaded_sta(), sta_trace(shape));
  const StaResult causal = play_sta(unloaded_sta(), sta_trace(shape, Stage::Prefill, true));
  EXPECT_EQ(all.totals.engine.products, 2 * 64 * 64 * 32);
  EXPECT_EQ(causal.totals.engine.products, 2 * 16 * (16 + 32 + 48 + 64) * 32);
  EXPECT_LT(causal.cycles, all.cycles);
}

/// Only weights are sparse: attention has none.
TEST(StaMachineTest, ThePatternLeavesAttentionAlone) {
  const Trace trace = sta_trace({2, 2, 40, 40, 32});
  const StaResult sparse = play_sta({}, trace),
                  dense = play_sta(without_pruning(StaConfig{}), trace);
  EXPECT_EQ(sparse.cycles, dense.cycles);
  EXPECT_EQ(sparse.read_bytes, dense.read_bytes);
  const auto area = [](const StaResult& run) { return run.energy.total_um2(); };
  EXPECT_GT(area(sparse), area(dense));  // the selectors are there all the same
}

TEST(StaMachineTest, ABatchIsPlayedSideBySide) {
  const std::vector<Trace> both{sta_trace({2, 1, 20, 20, 16}), sta_trace({2, 1, 50, 70, 16})};
  const StaResult batch = run_sta(unloaded_sta(), both);
  const StaResult first = play_sta(unloaded_sta(), both[0]),
                  second = play_sta(unloaded_sta(), both[1]);
  EXPECT_LT(batch.cycles, first.cycles + second.cycles);
  EXPECT_EQ(batch.totals.score_macs, first.totals.score_macs + second.totals.score_macs);
  EXPECT_EQ(batch.fidelity.heads, 4);
}

TEST(StaMachineTest, MoreBitsMakeASmallerError) {
  double last = 1;
  for (const std::int64_t bits : {3, 6, 8, 12, 16}) {
    StaConfig config = unloaded_sta();
    config.layer.activation_bits = bits;
    const StaResult run = play_sta(config, sta_trace({2, 2, 40, 40, 32}), {.fidelity = true});
    const double error = run.fidelity.error.relative_frobenius().value();
    EXPECT_LT(error, last);
    last = error;
    EXPECT_EQ(run.fidelity.mass_kept(), 1);
  }
  EXPECT_LT(last, 1e-3);
}

TEST(StaMachineTest, ABufferThatIsTooSmallIsNamed) {
  const Trace trace = sta_trace({1, 1, 20, 100, 32});
  const auto refuses = [&](const StaConfig& config, const char* message) {
    EXPECT_THAT([&] { play_sta(config, trace); }, ThrowsMessage<UserError>(HasSubstr(message)));
  };
  StaConfig config;
  config.score_buffer_bytes = 799;
  refuses(config, "/score_buffer_bytes: half of 799 bytes does not hold a row of 100 scores");
  config = {};
  config.layer.weight_buffer_bytes = 1'000;
  refuses(config, "/layer/weight_buffer_bytes: half of 1000 bytes does not hold 16 keys");
  config = {};
  config.layer.input_buffer_bytes = 1'000;
  refuses(config, "/layer/input_buffer_bytes: half of 1000 bytes does not hold 16 queries of 32");
  config = {};
  config.layer.output_buffer_bytes = 1'000;
  refuses(config, "/layer/output_buffer_bytes: half of 1000 bytes does not hold 16 rows of 32");
}

TEST(StaMachineTest, AStripHasFewerRowsWhereTheScoresFindNoRoom) {
  StaConfig config = unloaded_sta();
  config.score_buffer_bytes = 2 * 4 * 100 * 5;
  EXPECT_EQ(play_sta(config, sta_trace({1, 1, 20, 100, 32})).totals.strips, 4);
}

TEST(StaMachineTest, EveryUnitIsPricedByHand) {
  StaConfig config = unloaded_sta();
  const StaResult run = play_sta(config, sta_trace({1, 1, 16, 32, 16}));
  const Prices prices(config.energy);
  const auto of = [](const std::vector<UnitCost>& costs, std::string_view unit) {
    return std::ranges::find(costs, unit, &UnitCost::instance)->total();
  };
  const std::vector<UnitCost>& energy = run.energy.energy_pj;
  const double products = 2 * 16 * 32 * 16, entries = 16 * 32, outputs = 16 * 16;
  EXPECT_DOUBLE_EQ(of(energy, "matrix_engine"),
                   products * (prices.multiply(8, 8) + prices.add(32)));
  EXPECT_DOUBLE_EQ(of(energy, "softmax"), entries * (prices.softmax_entry() + prices.add(32)));
  EXPECT_DOUBLE_EQ(of(energy, "vector_unit"), outputs * (prices.multiply(16, 16) + prices.add(32)));
  const SramPrice scores = prices.sram({131'072, 16, 32, SramPorts::OneReadOneWrite});
  // Three passes read and two write 32 bits; codes of 8 are written, and read for the one panel.
  EXPECT_DOUBLE_EQ(of(energy, "score_buffer"),
                   entries * ((3 + 0.25) * scores.read_pj + (2 + 0.25) * scores.write_pj));
  EXPECT_DOUBLE_EQ(of(run.energy.area_um2, "matrix_engine"),
                   512 * (prices.multiply_area(8, 8) + prices.add_area(32)) +
                       256 * 2 * prices.store_area(32) + 512 * 7 * prices.mux_area(8));
}

TEST(StaMachineTest, MultipliersComeInColumns) {
  const StaConfig half = scaled(StaConfig{}, Resource::Multipliers, 256);
  EXPECT_EQ(half.array.columns, 8);
  EXPECT_EQ(matrix_array(half).multipliers(), 256);
}

}  // namespace
}  // namespace hdp::test
