// SPDX-License-Identifier: Apache-2.0
// What holds in every run of LeOPArd's machine.
#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <machine/leopard_bench.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/base/quantity.hpp>
#include <hdp/prune/leopard_decisions.hpp>

namespace hdp::test {
namespace {

std::int64_t bytes_of(const TensorBytes& bytes, Tensor tensor) {
  return bytes[static_cast<std::size_t>(tensor)];
}

std::int64_t blocked(const LeopardResult& run, std::string_view kind, std::string_view reason) {
  std::int64_t cycles = 0;
  for (const UnitReport& unit : run.units)
    for (const Counter& counter : unit.blocked)
      if (unit.kind == kind && counter.name == reason) cycles += counter.value;
  return cycles;
}

/// Everything small: keys in pieces, a FIFO that fills, two rows at a time.
LeopardConfig tight(std::int64_t d) {
  LeopardConfig config = unloaded_leopard(13);
  config.memory.bandwidth_mb_per_s = 20'000;
  config.fetch = {.request_bytes = 64, .requests_in_flight = 8, .requests_per_cycle = 1};
  config.dot_product.units = 3;
  config.score_fifo_entries = 2;
  config.key_buffer_bytes = 10 * ceil_div(d * 12, 8);
  config.value_buffer_bytes = 9 * ceil_div(d * 16, 8);
  config.row_buffer_bytes = 2 * (ceil_div(d * 12, 8) + 4 * (d + 2));
  config.value.macs = 7;
  config.value.lanes = 2;
  return config;
}

void expect_same_heads(const LeopardDecisions& a, const LeopardDecisions& b) {
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t l = 0; l < a.layers.size(); ++l) {
    EXPECT_EQ(a.layers[l].threshold, b.layers[l].threshold);
    for (std::size_t h = 0; h < a.layers[l].heads.size(); ++h) {
      const LeopardHeadDecisions &did = a.layers[l].heads[h], &would = b.layers[l].heads[h];
      EXPECT_EQ(did.survivors_sha256, would.survivors_sha256);
      EXPECT_EQ(did.steps_sha256, would.steps_sha256);
      EXPECT_EQ(did.score_sha256, would.score_sha256);
      EXPECT_EQ(did.error.relative_frobenius(), would.error.relative_frobenius());
      EXPECT_EQ(did.mass_kept, would.mass_kept);
    }
  }
}

TEST(LeopardMachineTest, TheOrderOfTicksNeverMatters) {
  for (const Trace& trace : {steps_trace(4, 2, 19, 2, 16), prefill_trace(2, 1, 14, 16)}) {
    std::vector<std::size_t> order(5);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const LeopardConfig config = tight(16);
    const auto play = [&](IdleCycles idle) {
      PlayOptions options{.fidelity = false};
      options.order = order;
      options.idle_cycles = idle;
      const LeopardResult run = run_leopard(config, trace, options);
      std::vector<std::int64_t> numbers{run.cycles, total_of(run.decisions).steps_total()};
      for (const UnitReport& unit : run.units) {
        numbers.push_back(unit.busy);
        for (const Counter& reason : unit.blocked) numbers.push_back(reason.value);
        for (const Counter& counter : unit.counters) numbers.push_back(counter.value);
      }
      return numbers;
    };
    const auto want = play(IdleCycles::Visit);
    do {
      ASSERT_EQ(play(IdleCycles::Visit), want) << testing::PrintToString(order);
      ASSERT_EQ(play(IdleCycles::Skip), want) << testing::PrintToString(order);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

/// Whatever the buffers, the run decides what `prune` decides; and whatever the steps, the same
/// pairs survive.
TEST(LeopardMachineTest, DecisionsAreThoseOfPrune) {
  for (const Trace& trace : {steps_trace(4, 2, 31, 3, 16, 2), prefill_trace(4, 2, 25, 16, 2)}) {
    std::vector<std::string> survivors;
    for (const std::int64_t step_bits : {1, 2, 3, 4, 6, 12})
      for (LeopardConfig config : {unloaded_leopard(), tight(16)}) {
        config.prune.step_bits = step_bits;
        const LeopardResult run = run_leopard(config, trace);
        expect_same_heads(run.decisions.front(),
                          decide_leopard(trace, config.prune.settings(), std::nullopt, 1));
        survivors.push_back(run.decisions.front().layers.back().heads.back().survivors_sha256);
        config.prune.threshold = {1.5, -2};
        config.prune.margin = MarginRule::AllMagnitudes;
        expect_same_heads(run_leopard(config, trace).decisions.front(),
                          decide_leopard(trace, config.prune.settings(), std::nullopt, 1));
      }
    EXPECT_EQ(survivors, std::vector(survivors.size(), survivors.front()));
  }
}

TEST(LeopardMachineTest, WithoutPruningEverythingIsTaken) {
  const Trace trace = prefill_trace(4, 2, 20, 16, 2);
  const LeopardResult run = run_leopard(without_pruning(tight(16)), trace);
  const LeopardCounts counts = total_of(run.decisions);
  EXPECT_EQ(counts.pairs, 2 * 4 * 20 * 21 / 2);
  EXPECT_EQ(counts.survivors, counts.pairs);
  EXPECT_EQ(counts.steps_total(), 6 * counts.pairs);
  EXPECT_NEAR(run.fidelity.mass_kept(), 1, 1e-12);
}

/// Every bit of every key, and the survivors of the threshold.
TEST(LeopardMachineTest, WithoutEarlyTerminationTheSamePairsSurvive) {
  const Trace trace = prefill_trace(2, 2, 20, 16);
  LeopardConfig config = unloaded_leopard();
  const LeopardResult early = run_leopard(config, trace);
  config.prune.early_termination = false;
  const LeopardResult late = run_leopard(config, trace);
  const LeopardCounts counts = total_of(late.decisions);
  EXPECT_EQ(counts.steps_total(), 6 * counts.pairs);
  EXPECT_EQ(late.decisions.front().layers[0].heads[1].survivors_sha256,
            early.decisions.front().layers[0].heads[1].survivors_sha256);
  EXPECT_LT(early.cycles, late.cycles);
}

TEST(LeopardMachineTest, KeysAndValuesAreLoadedOncePerGroup) {
  const LeopardResult prefill = run_leopard(unloaded_leopard(), prefill_trace(6, 2, 30, 64, 2));
  EXPECT_EQ(bytes_of(prefill.read_bytes, Tensor::K), 2 * 2 * 30 * 96);
  EXPECT_EQ(bytes_of(prefill.read_bytes, Tensor::V), 2 * 2 * 30 * 128);
  EXPECT_EQ(bytes_of(prefill.read_bytes, Tensor::Q), 2 * 6 * 30 * 96);
  EXPECT_EQ(bytes_of(prefill.written_bytes, Tensor::Out), 2 * 6 * 30 * 128);
  EXPECT_EQ(bytes_of(prefill.written_bytes, Tensor::Partial), 0);
  const LeopardResult decode = run_leopard(unloaded_leopard(), steps_trace(6, 2, 30, 3));
  EXPECT_EQ(bytes_of(decode.read_bytes, Tensor::K), 2 * (31 + 32 + 33) * 96);
  EXPECT_EQ(bytes_of(decode.written_bytes, Tensor::K), 2 * 3 * 96);
  EXPECT_EQ(bytes_of(decode.written_bytes, Tensor::V), 2 * 3 * 128);
  EXPECT_EQ(decode.totals.groups, 2 * 3);
}

/// 25 keys in buffers of 9: pieces of 4. Of a causal prefill row i, sums come back at the start of
/// every further piece; a step's few rows stay in the row buffer.
TEST(LeopardMachineTest, KeysThatDoNotFitAreCut) {
  const LeopardResult prefill = run_leopard(tight(16), prefill_trace(2, 1, 25, 16));
  EXPECT_EQ(prefill.totals.pieces, 7);
  std::int64_t more = 0;
  for (std::int64_t row = 0; row < 25; ++row) more += row / 4;
  EXPECT_EQ(prefill.totals.partial_stores, 2 * more);
  EXPECT_EQ(bytes_of(prefill.written_bytes, Tensor::Partial), 2 * more * 72);
  EXPECT_EQ(bytes_of(prefill.read_bytes, Tensor::Partial), 2 * more * 72);
  EXPECT_EQ(bytes_of(prefill.read_bytes, Tensor::Q), 2 * (25 + more) * 24);
  EXPECT_EQ(bytes_of(prefill.read_bytes, Tensor::K), 25 * 24);

  const LeopardResult decode = run_leopard(tight(16), steps_trace(2, 1, 24, 1, 16));
  EXPECT_EQ(decode.totals.pieces, 7);
  EXPECT_EQ(decode.totals.partial_stores, 0);
  EXPECT_EQ(bytes_of(decode.read_bytes, Tensor::Q), 2 * 24);
}

/// The next head's keys come while this one is played: of two heads, only the first is waited for.
TEST(LeopardMachineTest, TheNextHeadIsLoadedBehindTheFirst) {
  LeopardConfig config = unloaded_leopard(50);
  config.memory.bandwidth_mb_per_s = 16'000;  // 20 bytes a cycle
  config.row_buffer_bytes = 100 * 360;
  const auto waits = [&](std::int64_t heads) {
    return blocked(run_leopard(config, prefill_trace(heads, heads, 100)), "value_unit", "memory");
  };
  const std::int64_t one = waits(1);
  EXPECT_GT(one, 100);
  EXPECT_LT(waits(2), one + one / 4);
  config.key_buffer_bytes = 100 * 96;                // no room beside the first
  EXPECT_GT(waits(2), one + 100 * (96 + 128) / 20);  // its keys and values, 20 bytes a cycle
}

TEST(LeopardMachineTest, FrontAndBackWaitForEachOther) {
  const Trace trace = prefill_trace(2, 2, 60, 64, 1, false);
  LeopardConfig config = unloaded_leopard();
  const LeopardResult front = run_leopard(config, trace);
  EXPECT_EQ(blocked(front, "dot_product_unit", "score_fifo"), 0);
  EXPECT_GT(blocked(front, "value_unit", "scores"), front.cycles / 4);
  config.value.macs = 4;
  config.score_fifo_entries = 8;
  const LeopardResult back = run_leopard(config, trace);
  EXPECT_GT(blocked(back, "dot_product_unit", "score_fifo"), back.cycles);
  EXPECT_GT(back.cycles, back.totals.value_words);
  EXPECT_LT(back.cycles, back.totals.value_words + back.totals.value_words / 20);
}

double energy_of(const LeopardResult& run, std::string_view unit, std::string_view kind) {
  for (const UnitCost& cost : run.energy.energy_pj)
    for (const CostItem& item : cost.items)
      if (cost.instance == unit && item.kind == kind) return item.value;
  ADD_FAILURE() << unit << ' ' << kind;
  return 0;
}

/// A step of an element is a product; early termination pays for its margins.
TEST(LeopardMachineTest, EnergyGoesWithTheBitsThatWereProcessed) {
  const Trace trace = prefill_trace(2, 2, 20, 16);
  LeopardConfig config = unloaded_leopard();
  const LeopardResult early = run_leopard(config, trace);
  config.prune.early_termination = false;
  const LeopardResult late = run_leopard(config, trace);
  const auto ratio = [&](std::string_view unit, std::string_view kind) {
    return energy_of(early, unit, kind) / energy_of(late, unit, kind);
  };
  const double steps = static_cast<double>(early.totals.step_elements) /
                       static_cast<double>(late.totals.step_elements);
  EXPECT_LT(steps, 0.9);
  EXPECT_NEAR(ratio("dot_product_unit", "multiply"), steps, 1e-12);
  EXPECT_NEAR(ratio("dot_product_unit", "compare"), steps, 1e-12);
  EXPECT_NEAR(ratio("key_buffer", "read"), steps, 1e-12);
  EXPECT_NEAR(ratio("value_unit", "multiply"), 1, 1e-12);
  EXPECT_GT(energy_of(early, "dot_product_unit", "margin"), 0);
  EXPECT_EQ(energy_of(late, "dot_product_unit", "margin"), 0);
  const LeopardResult dense = run_leopard(without_pruning(config), trace);
  EXPECT_NEAR(
      energy_of(dense, "value_unit", "multiply") / energy_of(late, "value_unit", "multiply"), 4,
      0.02);
}

RC_GTEST_PROP(LeopardMachineTest, EveryPairIsPlayedOnAnyMachine, ()) {
  const std::int64_t d = *rc::gen::element<std::int64_t>(3, 8, 20), heads = *rc::gen::inRange(1, 5);
  LeopardConfig config = tight(d);
  config.dot_product.units = *rc::gen::inRange(1, 12);
  config.score_fifo_entries = *rc::gen::inRange(2, 9);
  config.key_buffer_bytes *= *rc::gen::inRange(1, 4);
  config.value_buffer_bytes *= *rc::gen::inRange(1, 4);
  config.row_buffer_bytes *= *rc::gen::inRange(1, 9);
  config.prune.calibrate = *rc::gen::inRange(0, 100) / 100.0;
  const bool decode = *rc::gen::arbitrary<bool>();
  const std::int64_t n = *rc::gen::inRange(1, 30);
  const Trace trace = decode ? steps_trace(heads, 1, n, 2, d) : prefill_trace(heads, heads, n, d);
  const LeopardResult run = run_leopard(config, trace, {.fidelity = false});
  const LeopardCounts want =
      decide_leopard(trace, config.prune.settings(), std::nullopt, 1, false).total;
  RC_ASSERT(run.totals.pairs == want.pairs);
  RC_ASSERT(run.totals.survivors == want.survivors);
  RC_ASSERT(run.totals.step_elements == want.steps_total() * d);
  RC_ASSERT(run.memory.read_bytes == sum_of(run.read_bytes));
}

}  // namespace
}  // namespace hdp::test
