// SPDX-License-Identifier: Apache-2.0
// Generating on SpAtten: heads that share K and V, and the rows that a step adds to them.
#include <gtest/gtest.h>

#include "machine/spatten_bench.hpp"
#include "machine/traces.hpp"

namespace hdp::test {
namespace {

constexpr LayerShape kSteps{6, 2, 4, 60, 32};  // 3 heads share K and V; 4 steps behind 56 tokens
constexpr std::int64_t kLayers = 2;

Trace decode() { return random_trace(kSteps, Stage::Decode, true, 3, kLayers); }

SpattenConfig pruning(std::int64_t slice_heads) {
  SpattenConfig config = unloaded_spatten();
  config.slice_heads = slice_heads;
  config.prune.requantise_threshold = 0.05;
  return config;
}

SpattenConfig unpruned(std::int64_t slice_heads) { return without_pruning(pruning(slice_heads)); }

std::int64_t read(const SpattenResult& run, Tensor tensor) {
  return run.read_bytes[static_cast<std::size_t>(tensor)];
}
std::int64_t written(const SpattenResult& run, Tensor tensor) {
  return run.written_bytes[static_cast<std::size_t>(tensor)];
}

/// Keys that all heads of all layers see, steps together.
constexpr std::int64_t kKeys = kLayers * (57 + 58 + 59 + 60);

TEST(SpattenDecodeTest, UnprunedEveryStoredHeadIsFetchedOnceAStep) {
  const SpattenResult shared = run_spatten(unpruned(0), decode());
  EXPECT_EQ(read(shared, Tensor::K), kSteps.kv_heads * kKeys * 48);
  EXPECT_EQ(read(shared, Tensor::V), kSteps.kv_heads * kKeys * 48);
  EXPECT_EQ(read(shared, Tensor::Q), kSteps.heads * kLayers * 4 * 48);
  const SpattenResult apart = run_spatten(unpruned(1), decode());
  EXPECT_EQ(read(apart, Tensor::K), 3 * read(shared, Tensor::K));
  EXPECT_EQ(read(apart, Tensor::V), 3 * read(shared, Tensor::V));
  EXPECT_EQ(apart.unshared_bytes, apart.memory.read_bytes - shared.memory.read_bytes);
  EXPECT_EQ(shared.unshared_bytes, 0);
  const SpattenResult pairs = run_spatten(unpruned(2), decode());
  EXPECT_EQ(read(pairs, Tensor::K), 2 * read(shared, Tensor::K)) << "slices of 2 and of 1";
}

TEST(SpattenDecodeTest, APrunedSliceFetchesWhatAnyOfItsHeadsWants) {
  const SpattenResult shared = run_spatten(pruning(0), decode());
  const SpattenResult apart = run_spatten(pruning(1), decode());
  EXPECT_EQ(apart.unshared_bytes, apart.memory.read_bytes - shared.memory.read_bytes);
  EXPECT_GT(read(apart, Tensor::V), read(shared, Tensor::V));
  EXPECT_GE(3 * read(shared, Tensor::V), read(apart, Tensor::V));
  EXPECT_GE(3 * read(shared, Tensor::KLsb), read(apart, Tensor::KLsb));
  // What is decided and computed does not depend on who fetches.
  EXPECT_EQ(shared.totals.heads, apart.totals.heads);
  EXPECT_EQ(shared.totals.score_macs, apart.totals.score_macs);
  EXPECT_EQ(shared.totals.value_macs, apart.totals.value_macs);
  EXPECT_EQ(shared.totals.second_passes, apart.totals.second_passes);
  EXPECT_EQ(shared.records.size(), apart.records.size());
  EXPECT_LT(shared.energy.total_pj(), apart.energy.total_pj());
}

TEST(SpattenDecodeTest, AStepWritesItsRowsOfKAndVOnce) {
  constexpr std::int64_t rows = 4 * kLayers * kSteps.kv_heads;
  for (const std::int64_t slice_heads : {0, 1, 2}) {
    const SpattenResult dense = run_spatten(unpruned(slice_heads), decode());
    EXPECT_EQ(written(dense, Tensor::K), rows * 48);
    EXPECT_EQ(written(dense, Tensor::KLsb), 0);
    EXPECT_EQ(written(dense, Tensor::V), rows * 48);
    SpattenConfig progressive = unpruned(slice_heads);
    progressive.prune.progressive = true;
    const SpattenResult parts = run_spatten(progressive, decode());
    EXPECT_EQ(written(parts, Tensor::K), rows * 32);
    EXPECT_EQ(written(parts, Tensor::KLsb), rows * 16);
  }
}

TEST(SpattenDecodeTest, APrefillSharesTooAndAppendsNothing) {
  const Trace trace = random_trace({6, 2, 20, 20, 32}, Stage::Prefill, true, 4);
  const SpattenResult shared = run_spatten(unpruned(0), trace);
  EXPECT_EQ(read(shared, Tensor::K), 2 * 20 * 48);
  EXPECT_EQ(read(run_spatten(unpruned(1), trace), Tensor::K), 6 * 20 * 48);
  EXPECT_EQ(written(shared, Tensor::K), 0);
  EXPECT_EQ(written(shared, Tensor::Out), 6 * 20 * 48);
}

TEST(SpattenDecodeTest, ASliceHasNoMoreHeadsThanRowsBetweenTheArrays) {
  SpattenConfig config = pruning(0);
  config.score_rows = 2;
  const SpattenResult run = run_spatten(config, decode());
  EXPECT_EQ(run.slice_heads, 2);
  EXPECT_GT(run.cycles, 0);
}

TEST(SpattenDecodeTest, WhereNoHeadsShareNothingIsSaid) {
  const Trace trace = random_trace({2, 2, 2, 20, 32}, Stage::Decode, true, 4);
  for (const std::int64_t slice_heads : {0, 1}) {
    const SpattenResult run = run_spatten(pruning(slice_heads), trace);
    EXPECT_EQ(run.slice_heads, 0);
    EXPECT_EQ(run.unshared_bytes, 0);
  }
}

}  // namespace
}  // namespace hdp::test
