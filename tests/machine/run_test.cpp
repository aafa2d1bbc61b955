// SPDX-License-Identifier: Apache-2.0
// Whole runs: what must not depend on the machine, and what the thresholds do to it.
#include <gtest/gtest.h>

#include "machine/traces.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

constexpr LayerShape kGrouped{4, 2, 24, 24, 16};

HdpConfig small_machine() {
  HdpConfig config;
  config.core.k_sram.bytes = 1024;
  return config;
}

std::int64_t read_of(const HdpResult& result, Tensor tensor) {
  return result.read_bytes[static_cast<std::size_t>(tensor)];
}

TEST(RunTest, DecisionsAndOutputsDoNotDependOnTheMachine) {
  const Trace trace = random_trace(kGrouped, Stage::Prefill, true, 1, 2);
  HdpConfig config = small_machine();
  config.prune.tau = 0.5;
  const HdpResult want = run_hdp(config, trace);
  EXPECT_GT(want.decisions.blocks_pruned, 0);
  config.core.pe_array.rows = 16;
  config.core.pe_array.columns = 4;
  config.cores = 3;
  config.core.contexts = 1;
  config.core.pe_array.precision = Precision::Split;
  config.memory.bandwidth_mb_per_s = 1'000;
  const HdpResult got = run_hdp(config, trace);
  EXPECT_NE(got.cycles, want.cycles);
  EXPECT_EQ(got.decisions.kept_entries, want.decisions.kept_entries);
  EXPECT_EQ(got.decisions.blocks_pruned, want.decisions.blocks_pruned);
  EXPECT_EQ(got.decisions.heads_pruned, want.decisions.heads_pruned);
  EXPECT_EQ(got.totals.macs, want.totals.macs);
  EXPECT_EQ(got.fidelity.error.relative_frobenius(), want.fidelity.error.relative_frobenius());
  EXPECT_EQ(got.fidelity.mass_kept(), want.fidelity.mass_kept());
}

TEST(RunTest, ThreadsAndSkippingChangeNothing) {
  for (const Stage stage : {Stage::Prefill, Stage::Decode}) {
    const Trace trace = random_trace({4, 2, 9, 24, 16}, stage, false, 2, 2);
    const HdpResult want = run_hdp(small_machine(), trace, {.threads = 1});
    for (const unsigned threads : {0U, 3U, 9U}) {
      const HdpResult got =
          run_hdp(small_machine(), trace, {.threads = threads, .idle_cycles = IdleCycles::Visit});
      EXPECT_EQ(got.cycles, want.cycles);
      EXPECT_EQ(got.totals.macs, want.totals.macs);
      EXPECT_EQ(got.decisions.kept_entries, want.decisions.kept_entries);
      EXPECT_EQ(got.read_bytes, want.read_bytes);
      EXPECT_EQ(got.energy.total_pj(), want.energy.total_pj());
      EXPECT_EQ(got.fidelity.mass_kept(), want.fidelity.mass_kept());
      EXPECT_EQ(got.imbalance, want.imbalance);
    }
  }
}

TEST(RunTest, TheLowestThresholdsMakeTheFractionPassDense) {
  HdpConfig config = small_machine();
  config.prune.rho = -0.999;
  config.prune.tau = -1;
  const HdpResult result = run_hdp(config, random_trace(kGrouped, Stage::Prefill, false, 3));
  const std::int64_t dense = 4 * 24 * 24 * 16;
  EXPECT_EQ(result.totals.macs[static_cast<std::size_t>(Phase::Integer)], dense);
  EXPECT_EQ(result.totals.macs[static_cast<std::size_t>(Phase::Fraction)], 2 * dense);
  EXPECT_EQ(result.totals.macs[static_cast<std::size_t>(Phase::Value)], dense);
  EXPECT_EQ(result.decisions.blocks_pruned, 0);
  EXPECT_EQ(result.imbalance, 1.0);
}

TEST(RunTest, EveryRowOfBlocksKeepsOneAtTheHighestRatio) {
  HdpConfig config = small_machine();
  config.prune.rho = 0.999;
  const HdpResult result = run_hdp(config, random_trace(kGrouped, Stage::Prefill, true, 4));
  EXPECT_EQ(result.decisions.empty_rows, 0);
  EXPECT_EQ(result.totals.softmax_rows, 4 * 24);
}

TEST(RunTest, AHugeHeadThresholdLeavesTheIntegerPlanes) {
  HdpConfig config = small_machine();
  config.core.k_sram.bytes = 65'536;
  config.prune.tau = 1e12;
  config.prune.fraction_bits = 12;
  const Trace trace = random_trace(kGrouped, Stage::Prefill, false, 5);
  const HdpResult zeros = run_hdp(config, trace);
  EXPECT_EQ(zeros.decisions.heads_pruned, 4);
  EXPECT_EQ(read_of(zeros, Tensor::QInt) + read_of(zeros, Tensor::KInt),
            (4 + 2) * 24 * 8);  // Q of four heads, K of two
  EXPECT_EQ(sum_of(zeros.read_bytes), (4 + 2) * 24 * 8);
  EXPECT_EQ(sum_of(zeros.written_bytes), 4 * 24 * 16 * 2);
  EXPECT_EQ(zeros.fidelity.error.relative_frobenius(), 1.0);
  config.core.write_zeros = false;
  const HdpResult nothing = run_hdp(config, trace);
  EXPECT_EQ(sum_of(nothing.read_bytes), (4 + 2) * 24 * 8);
  EXPECT_EQ(sum_of(nothing.written_bytes), 0);
  EXPECT_LT(nothing.cycles, zeros.cycles);
}

TEST(RunTest, WithoutFractionBitsNothingIsLeftToAdd) {
  HdpConfig config = small_machine();
  config.prune.fraction_bits = 0;
  const HdpResult result = run_hdp(config, random_trace(kGrouped, Stage::Prefill, false, 6));
  EXPECT_EQ(result.totals.macs[static_cast<std::size_t>(Phase::Fraction)], 0);
  EXPECT_EQ(read_of(result, Tensor::QFrac) + read_of(result, Tensor::KFrac), 0);
}

TEST(RunTest, TheBaselineIsTheSameMachineWithPruningOff) {
  const Trace trace = random_trace(kGrouped, Stage::Prefill, false, 7);
  HdpConfig off = small_machine();
  off.pruning = false;
  const HdpResult want = run_hdp(off, trace),
                  got = run_hdp(without_pruning(small_machine()), trace);
  EXPECT_EQ(got.cycles, want.cycles);
  EXPECT_EQ(got.energy.total_pj(), want.energy.total_pj());
  EXPECT_EQ(got.read_bytes, want.read_bytes);
  EXPECT_EQ(got.totals.macs[static_cast<std::size_t>(Phase::Score)], 4 * 24 * 24 * 16);
  EXPECT_EQ(got.totals.macs[static_cast<std::size_t>(Phase::Integer)], 0);
  EXPECT_EQ(got.formats, want.formats);
  EXPECT_EQ(got.fidelity.mass_kept(), 1.0);
  EXPECT_LT(got.fidelity.error.relative_frobenius(), 1e-2);
}

TEST(RunTest, DecodePlaysStepsInTurnThroughAllLayers) {
  const Trace trace = random_trace({2, 1, 5, 20, 16}, Stage::Decode, true, 8, 3);
  std::vector<std::int64_t> seen;
  PlayOptions options;
  options.observer = [&](std::int64_t done, std::int64_t total) {
    seen.push_back(done);
    EXPECT_EQ(total, 15);
  };
  const HdpResult result = run_hdp(small_machine(), trace, options);
  ASSERT_EQ(result.records.size(), 5U * 3 * 2);
  ASSERT_EQ(seen.size(), 15U);
  EXPECT_EQ(seen.back(), 15);
  for (std::size_t i = 0; i < result.records.size(); ++i) {
    EXPECT_EQ(result.records[i].problem, static_cast<std::int64_t>(i / 6));
    EXPECT_EQ(result.records[i].head.layer, static_cast<std::int64_t>(i / 2 % 3));
  }
  std::int64_t entries = 0;
  for (std::int64_t step = 0; step < 5; ++step) entries += 15 + step + 1;
  EXPECT_EQ(result.totals.macs[static_cast<std::size_t>(Phase::Integer)], 3 * 2 * entries * 16);
}

}  // namespace
}  // namespace hdp::test
