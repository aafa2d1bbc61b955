// SPDX-License-Identifier: Apache-2.0
// What holds in every run of Token-Picker's machine.
#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

#include <gtest/gtest.h>
#include <machine/token_picker_bench.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>

namespace hdp::test {
namespace {

std::int64_t bytes_moved(const TensorBytes& bytes, Tensor tensor) {
  return bytes[static_cast<std::size_t>(tensor)];
}

TEST(TokenPickerMachineTest, TheOrderOfTicksNeverMatters) {
  const Trace trace = decode_trace(4, 2, 40, 2, 32);
  TokenPickerConfig config = unloaded_token_picker(13);
  config.memory.bandwidth_mb_per_s = 40'000;
  config.scoreboard_entries = 9;
  config.lane.lanes = 3;
  std::vector<std::size_t> order(6);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto play = [&](IdleCycles idle) {
    PlayOptions options{.fidelity = false};
    options.order = order;
    options.idle_cycles = idle;
    const TokenPickerResult run = run_token_picker(config, trace, options);
    std::vector<std::int64_t> numbers{run.cycles, total_of(run.decisions).chunks_fetched};
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

/// A verdict has a bit for each query of the slice: 32 fill it, more go in two slices.
TEST(TokenPickerMachineTest, ASliceHoldsUpTo32Heads) {
  for (const std::int64_t heads : {31, 32, 33}) {
    SCOPED_TRACE(heads);
    TokenPickerConfig config = unloaded_token_picker();
    config.lane.lanes = 1;
    config.query_buffer_bytes = 4096;
    config.prune.issue = IssueOrder::InOrder;
    config.prune.exponential = ExponentialUnit::Double;
    config.prune.threshold = 0.02;
    const TokenPickerResult run = run_token_picker(config, decode_trace(heads, 1, 20, 1, 16));
    EXPECT_EQ(run.totals.slices, heads > 32 ? 2 : 1);
    EXPECT_GT(total_of(run.decisions).chunks_fetched, 20 * heads);
    EXPECT_EQ(total_of(run.decisions).chunks_fetched, total_of(run.reference).chunks_fetched);
    EXPECT_EQ(total_of(run.decisions).value_rows_fetched,
              total_of(run.reference).value_rows_fetched);
  }
}

TEST(TokenPickerMachineTest, BytesAreWhatWasDecided) {
  const Trace trace = decode_trace(4, 4, 50, 3, 64, 2);
  const TokenPickerConfig config = unloaded_token_picker();
  const TokenPickerResult run = run_token_picker(config, trace);
  std::int64_t chunks = 0, rows = 0;
  for (const auto& layer : run.decisions[0].layers)
    for (const auto& head : layer.heads) {
      chunks += head.counts.chunks_fetched;
      rows += head.counts.value_rows_fetched;
    }
  EXPECT_EQ(bytes_moved(run.read_bytes, Tensor::K), 32 * chunks);
  EXPECT_EQ(bytes_moved(run.read_bytes, Tensor::V), 96 * rows);
  EXPECT_EQ(bytes_moved(run.read_bytes, Tensor::Q), 2 * 4 * 3 * 96);
  EXPECT_EQ(bytes_moved(run.written_bytes, Tensor::Out), 2 * 4 * 3 * 128);
  EXPECT_EQ(bytes_moved(run.written_bytes, Tensor::K), 2 * 4 * 3 * 96);
  EXPECT_EQ(bytes_moved(run.written_bytes, Tensor::V), 2 * 4 * 3 * 96);
  const TokenPickerResult same = run_token_picker(without_pruning(config), trace);
  EXPECT_EQ(bytes_moved(same.read_bytes, Tensor::K), 2 * 4 * (51 + 52 + 53) * 96);
  EXPECT_EQ(bytes_moved(same.read_bytes, Tensor::V), 2 * 4 * (51 + 52 + 53) * 96);
  EXPECT_NEAR(same.fidelity.mass_kept(), 1, 1e-12);
  EXPECT_TRUE(same.reference.empty());
}

TEST(TokenPickerMachineTest, HeadsThatShareKeysFetchThemOnce) {
  const Trace trace = decode_trace(6, 2, 50, 2);
  TokenPickerConfig config = unloaded_token_picker();
  const TokenPickerResult shared = run_token_picker(without_pruning(config), trace);
  config.slice_heads = 1;
  const TokenPickerResult alone = run_token_picker(without_pruning(config), trace);
  EXPECT_EQ(3 * bytes_moved(shared.read_bytes, Tensor::K),
            bytes_moved(alone.read_bytes, Tensor::K));
  EXPECT_EQ(3 * bytes_moved(shared.read_bytes, Tensor::V),
            bytes_moved(alone.read_bytes, Tensor::V));
  EXPECT_EQ(shared.written_bytes, alone.written_bytes);
  EXPECT_EQ(shared.totals.score_macs, alone.totals.score_macs);
}

/// In order, on a memory that answers in order, the run decides what the reference order decides;
/// of heads that share keys, who is wanted by fewer would be done sooner.
TEST(TokenPickerMachineTest, InOrderTheRunIsTheReference) {
  const Trace trace = decode_trace(3, 3, 90, 3, 32, 2);
  for (const TokenOrder order : {TokenOrder::NewestFirst, TokenOrder::OldestFirst})
    for (const ExponentialUnit unit : {ExponentialUnit::Double, ExponentialUnit::Lut}) {
      TokenPickerConfig config = unloaded_token_picker();
      config.memory.bandwidth_mb_per_s = 100'000;
      config.prune.issue = IssueOrder::InOrder;
      config.prune.token_order = order;
      config.prune.exponential = unit;
      config.scoreboard_entries = 11;
      const TokenPickerResult run = run_token_picker(config, trace);
      for (std::size_t l = 0; l < 2; ++l)
        for (std::size_t h = 0; h < 3; ++h) {
          const auto& did = run.decisions[0].layers[l].heads[h];
          const auto& would = run.reference[0].layers[l].heads[h];
          EXPECT_EQ(did.fetched_sha256, would.fetched_sha256);
          EXPECT_EQ(did.survivors_sha256, would.survivors_sha256);
        }
    }
}

TEST(TokenPickerMachineTest, SequencesSideBySideShareNothing) {
  const std::vector<Trace> traces{decode_trace(2, 1, 60, 3, 64, 2, 1),
                                  decode_trace(2, 1, 25, 2, 64, 2, 2)};
  TokenPickerConfig config = unloaded_token_picker();
  config.prune.issue = IssueOrder::InOrder;
  config.slice_heads = 1;
  const TokenPickerResult both = run_token_picker(config, traces);
  std::int64_t read = 0, written = 0;
  for (std::size_t s = 0; s < 2; ++s) {
    const TokenPickerResult alone = run_token_picker(config, traces[s]);
    read += alone.memory.read_bytes;
    written += alone.memory.written_bytes;
    for (std::size_t l = 0; l < 2; ++l)
      EXPECT_EQ(both.decisions[s].layers[l].heads[1].fetched_sha256,
                alone.decisions[0].layers[l].heads[1].fetched_sha256);
  }
  EXPECT_EQ(both.memory.read_bytes, read);
  EXPECT_EQ(both.memory.written_bytes, written);
}

const std::vector<std::vector<std::int64_t>> kChunks{
    {4, 4, 4}, {6, 6}, {12}, {2, 2, 2, 2, 2, 2}, {1, 3, 8}};

/// With whatever latencies, in either order of issue, no token above the threshold is dropped; and
/// from a depth of one entry on nothing locks up.
RC_GTEST_PROP(TokenPickerMachineProperty, EveryRunIsSafeAndEnds, ()) {
  TokenPickerConfig config = unloaded_token_picker();
  config.scoreboard_entries = *rc::gen::inRange<std::int64_t>(1, 40);
  config.slices_in_flight = *rc::gen::inRange<std::int64_t>(1, 5);
  config.lane.lanes = *rc::gen::inRange<std::int64_t>(1, 20);
  config.fetch.requests_in_flight = *rc::gen::inRange<std::int64_t>(1, 30);
  config.fetch.requests_per_cycle = *rc::gen::inRange<std::int64_t>(1, 20);
  config.probability.tests_per_cycle = *rc::gen::inRange<std::int64_t>(1, 20);
  config.kv_buffer.bytes = *rc::gen::inRange<std::int64_t>(96, 2000);
  config.prune.threshold = *rc::gen::element(1e-4, 1e-3, 1e-2, 0.2);
  config.prune.chunk_bits = *rc::gen::elementOf(kChunks);
  config.prune.issue = *rc::gen::element(IssueOrder::OutOfOrder, IssueOrder::InOrder);
  config.prune.exponential = *rc::gen::element(ExponentialUnit::Double, ExponentialUnit::Lut);
  config.prune.value_pruning = *rc::gen::arbitrary<bool>();
  const auto heads = *rc::gen::inRange<std::int64_t>(1, 4);
  const auto seed = *rc::gen::inRange<unsigned>(0, 1000);
  const Trace trace =
      decode_trace(2 * heads, heads, *rc::gen::inRange<std::int64_t>(1, 60), 2, 16, 1, seed);
  PlayOptions options;
  options.memory = [&] { return std::make_unique<ShufflingMemory>(seed); };
  const TokenPickerResult run = run_token_picker(config, trace, options);
  RC_ASSERT(total_of(run.decisions).safety_violations == 0);
  RC_ASSERT(total_of(run.decisions).tokens == total_of(run.reference).tokens);
  RC_ASSERT(total_of(run.decisions).chunks_fetched >= total_of(run.decisions).tokens);
}

/// Out of order gains by the latency that it hides, and nothing where there is none.
/// A language model's decode, on a memory that answers in any order.
TEST(TokenPickerMachineTest, OnRealDataNoTokenAboveTheThresholdIsDropped) {
  const auto file =
      std::filesystem::path(HDP_REFERENCE_DIR) / "data/smollm2_decode_ctx256_s32.safetensors";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  const Trace trace = load_trace(file);
  for (const auto& [exponential, issue] :
       {std::pair{ExponentialUnit::Lut, IssueOrder::OutOfOrder},
        std::pair{ExponentialUnit::Lut, IssueOrder::InOrder},
        std::pair{ExponentialUnit::Double, IssueOrder::OutOfOrder}}) {
    TokenPickerConfig config = unloaded_token_picker();
    config.prune.exponential = exponential;
    config.prune.issue = issue;
    PlayOptions options{.fidelity = false};
    options.memory = [] { return std::make_unique<ShufflingMemory>(5); };
    const TokenPickerCounts counts = total_of(run_token_picker(config, trace, options).decisions);
    EXPECT_GT(counts.tokens, 2 * counts.value_rows_fetched);
    EXPECT_EQ(counts.safety_violations, 0);
  }
}

TEST(TokenPickerMachineTest, OutOfOrderGainsWithTheLatency) {
  const Trace trace = decode_trace(1, 1, 4000, 2);
  const auto gain = [&](std::int64_t latency) {
    TokenPickerConfig config = unloaded_token_picker(latency);
    config.memory.bandwidth_mb_per_s = 256'000;
    config.slices_in_flight = 1;
    config.scoreboard_entries = 8192;
    config.fetch.requests_in_flight = 4096;
    config.kv_buffer.bytes = 1 << 20;
    config.prune.threshold = 1e-300;  // the same chunks in either order
    config.prune.exponential = ExponentialUnit::Double;
    const auto fast = static_cast<double>(run_token_picker(config, trace).cycles);
    config.prune.issue = IssueOrder::InOrder;
    return static_cast<double>(run_token_picker(config, trace).cycles) / fast;
  };
  const double none = gain(1), some = gain(50), much = gain(400);
  EXPECT_LT(none, 1.06);
  EXPECT_LT(none, some);
  EXPECT_LT(some, much);
  EXPECT_GT(much, 1.1);
}

/// Where nothing else limits, the run takes its bytes over the bandwidth.
TEST(TokenPickerMachineTest, ItRunsAtTheMemorysBandwidth) {
  const Trace trace = decode_trace(4, 4, 2000, 16);
  TokenPickerConfig config = unloaded_token_picker(50);
  config.memory.bandwidth_mb_per_s = 128'000;
  config.slices_in_flight = 8;
  config.scoreboard_entries = 4096;
  for (const TokenPickerConfig& machine : {config, without_pruning(config)}) {
    const TokenPickerResult run = run_token_picker(machine, trace, {.fidelity = false});
    const double least =
        static_cast<double>(run.memory.read_bytes + run.memory.written_bytes) / 256;
    EXPECT_LT(static_cast<double>(run.cycles), 1.02 * least);
  }
}

TEST(TokenPickerMachineTest, WhatDoesNotFitIsRefused) {
  const Trace trace = decode_trace(2, 1, 100, 1);
  const auto refused = [&](TokenPickerConfig config) {
    try {
      run_token_picker(config, trace);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  TokenPickerConfig config = unloaded_token_picker();
  config.score_buffer_bytes = 403;
  EXPECT_NE(refused(config).find("/score_buffer_bytes"), std::string::npos);
  config.score_buffer_bytes = 404;  // one head at a time
  EXPECT_EQ(refused(config), "");
  config.slice_heads = 2;
  EXPECT_NE(refused(config).find("/slice_heads"), std::string::npos);
  config = unloaded_token_picker();
  config.kv_buffer.bytes = 95;
  EXPECT_NE(refused(config).find("/kv_buffer/bytes"), std::string::npos);
  config.kv_buffer.bytes = 96;
  EXPECT_EQ(refused(config), "");
  config.query_buffer_bytes = 95;
  EXPECT_NE(refused(config).find("/query_buffer_bytes"), std::string::npos);
  config = unloaded_token_picker();
  config.fetch.request_bytes = 95;
  EXPECT_NE(refused(config).find("/fetch/request_bytes"), std::string::npos);
}

}  // namespace
}  // namespace hdp::test
