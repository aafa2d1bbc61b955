// SPDX-License-Identifier: Apache-2.0
// Nothing is lost: cycles, bytes and heads, on any machine.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/arbitrary.hpp"
#include "machine/expected_bytes.hpp"

namespace hdp::test {
namespace {

void check_accounts(const Played& played) {
  for (const UnitReport& unit : played.units) {
    std::int64_t sum = unit.idle + unit.busy;
    for (const Counter& blocked : unit.blocked) sum += blocked.value;
    RC_ASSERT(sum == played.cycles);
    RC_ASSERT(unit.total == played.cycles);
    RC_ASSERT(unit.idle >= 0);
  }
}

RC_GTEST_PROP(ConservationTest, EveryCycleAndEveryByteIsAccountedFor, ()) {
  const MachineCase c = arbitrary_case();
  const Played played = play(c.config, c.shape, c.plans);
  check_accounts(played);
  // What stays is read once a slice: the union of its masks. What streams is shared by groups of
  // strips: no less than that, and no more than once a strip.
  const ExpectedBytes expected(c.config, played.layout, c.plans);
  const TensorBytes least = expected.read(Sharing::Slice), most = expected.read(Sharing::Strip);
  for (std::size_t t = 0; t < kTensors; ++t) {
    RC_ASSERT(played.read[t] >= least[t]);
    RC_ASSERT(played.read[t] <= most[t]);
  }
  RC_ASSERT(played.read_of(Tensor::QFrac) == most[static_cast<std::size_t>(Tensor::QFrac)]);
  std::int64_t written = 0;
  for (const HdpPlan& plan : c.plans)
    if (plan.head_kept || c.config.core.write_zeros)
      written += plan.problem.queries * ((c.shape.d * 16 + 7) / 8);
  RC_ASSERT(sum_of(played.written) == written);
  RC_ASSERT(played.written[static_cast<std::size_t>(Tensor::Out)] == written);
  RC_ASSERT(played.memory.read_bytes == sum_of(played.read));
  RC_ASSERT(played.memory.written_bytes == written);
}

RC_GTEST_PROP(ConservationTest, EveryHeadIsPlayedOnceOnItsCore, ()) {
  MachineCase c = arbitrary_case();
  c.config.scheduling.slice_heads = 1;
  const bool round_robin = c.config.scheduling.assignment == Assignment::RoundRobin;
  const Played played = play(c.config, c.shape, c.plans);
  RC_ASSERT(played.records.size() == c.plans.size());
  std::vector<std::int64_t> heads(static_cast<std::size_t>(c.config.cores), 0);
  for (std::size_t h = 0; h < c.plans.size(); ++h) {
    RC_ASSERT(played.records[h].head == static_cast<std::int64_t>(h));
    RC_ASSERT(played.phase(RecordedPhase::Integer, h).happened());
    RC_ASSERT(played.phase(RecordedPhase::Decide, h).happened());
    RC_ASSERT(played.phase(RecordedPhase::Value, h).happened() == c.plans[h].head_kept);
    ++heads[h % heads.size()];
  }
  std::int64_t all = 0;
  for (std::size_t core = 0; core < heads.size(); ++core) {
    const std::int64_t got = played.counter("core" + std::to_string(core) + ".sequencer", "heads");
    if (round_robin) RC_ASSERT(got == heads[core]);
    all += got;
  }
  RC_ASSERT(all == static_cast<std::int64_t>(c.plans.size()));
}

RC_GTEST_PROP(ConservationTest, PhasesOfAHeadFollowEachOther, ()) {
  const MachineCase c = arbitrary_case();
  const Played played = play(c.config, c.shape, c.plans);
  for (std::size_t h = 0; h < c.plans.size(); ++h) {
    Cycle start{0}, end{0};
    for (const PhaseRecord& phase : played.records[h].phases) {
      if (!phase.happened()) continue;
      RC_ASSERT(phase.start < phase.end);
      RC_ASSERT(start <= phase.start && end < phase.end);
      start = phase.start;
      end = phase.end;
    }
    RC_ASSERT(end.index <= played.cycles);
  }
}

RC_GTEST_PROP(ConservationTest, DenseAttentionLosesNothingEither, ()) {
  const MachineCase c = arbitrary_case();
  const Played played = play_dense(c.config, c.shape, c.problem);
  check_accounts(played);
  const std::int64_t row = (c.shape.d * 16 + 7) / 8, heads = c.shape.heads;
  RC_ASSERT(played.read_of(Tensor::Q) == heads * c.problem.queries * row);
  // A slice of heads shares K and V.
  const std::int64_t group = c.shape.heads / c.shape.kv_heads;
  const std::int64_t slices =
      c.shape.kv_heads * ((group + played.layout.slice_heads - 1) / played.layout.slice_heads);
  for (const auto& [tensor, stays] : {std::pair{Tensor::K, played.layout.k_resident},
                                      std::pair{Tensor::V, played.layout.v_resident}}) {
    const std::int64_t once = slices * c.problem.keys * row;
    const std::int64_t read = played.read_of(tensor);
    RC_ASSERT(read >= once);
    if (stays) RC_ASSERT(read == once);
  }
  RC_ASSERT(sum_of(played.written) == heads * c.problem.queries * row);
  RC_ASSERT(sum_of(played.read) == played.memory.read_bytes);
}

/// Dense, three strips of eight queries by 64 keys; 128 bytes a row.
Played streamed(std::int64_t q_strips, std::int64_t score_strips) {
  HdpConfig config = unloaded(8, 8);
  const Problem problem{0, 24, 64, false};
  config.core.k_sram.bytes = 32 * 128;  // four tiles of eight rows
  config.core.v_sram.bytes = 63 * 128;
  config.core.q_sram.bytes = q_strips * 8 * 128;
  config.core.score_sram.bytes = score_strips * 8 * (64 * 2 + 64 * 5);  // and unfinished outputs
  const Played played = play_dense(config, shape_of(problem, 64), problem);
  EXPECT_FALSE(played.layout.k_resident);
  EXPECT_FALSE(played.layout.v_resident);
  EXPECT_EQ(played.layout.strip_rows, 8);
  return played;
}

TEST(ConservationTest, KAndVThatDoNotFitAreStreamedOnceForAGroupOfStrips) {
  struct Strips {
    std::int64_t q_strips, score_strips, groups;
  };
  for (const auto& [q_strips, score_strips, groups] :
       {Strips{1, 1, 3}, Strips{3, 1, 3}, Strips{1, 3, 3}, Strips{2, 3, 2}, Strips{3, 2, 2},
        Strips{3, 3, 1}}) {
    const Played played = streamed(q_strips, score_strips);
    EXPECT_EQ(played.read_of(Tensor::K), groups * 64 * 128) << q_strips << ' ' << score_strips;
    EXPECT_EQ(played.read_of(Tensor::V), groups * 64 * 128) << q_strips << ' ' << score_strips;
    EXPECT_EQ(played.read_of(Tensor::Q), 24 * 128);
    EXPECT_EQ(played.written[static_cast<std::size_t>(Tensor::Out)], 24 * 128);
    EXPECT_EQ(played.array("score"), 3 * 8 * 64);
    EXPECT_EQ(played.array("value"), 3 * 64 * 8);
  }
}

TEST(ConservationTest, KeptRowsThatDoNotFitAreStreamedOnceForAGroup) {
  // Two strips of four rows of blocks; strip 0 keeps columns 0 to 3 (rows 0 to 7), strip 1 columns
  // 2 to 5 (rows 4 to 11): twelve rows together, eight each.
  HdpConfig config = unloaded(8, 8);
  const Problem problem{0, 16, 64, false};
  Kept kept(4, {0, 1, 2, 3});
  kept.insert(kept.end(), 4, {2, 3, 4, 5});
  for (const double tau : {-1.0, 1.0}) {
    config.prune.tau = tau;
    config.core.k_sram.bytes = 64 * 32 + 8 * 96;  // the integer plane, and a tile of kept rows
    config.core.v_sram.bytes = 8 * 128;
    config.core.score_sram.bytes = 2 * 8 * (64 * 2 + 64 * 5);
    const Played together = play(config, 64, plan_of(problem, 2, kept));
    EXPECT_EQ(together.read_of(Tensor::KInt), 64 * 32);
    EXPECT_EQ(together.read_of(Tensor::KFrac), 12 * 96);
    EXPECT_EQ(together.read_of(Tensor::V), 12 * 128);
    config.core.score_sram.bytes = 8 * (64 * 2 + 64 * 5);  // room for one strip
    const Played apart = play(config, 64, plan_of(problem, 2, kept));
    EXPECT_EQ(apart.read_of(Tensor::KFrac), 16 * 96);
    EXPECT_EQ(apart.read_of(Tensor::V), 16 * 128);
  }
}

TEST(ConservationTest, HeadsOfASliceFetchTheUnionOfTheirMasks) {
  HdpConfig config = unloaded(8, 8);
  const Problem problem{0, 8, 64, false};
  const LayerShape shape{2, 1, 8, 64, 64};
  const std::vector<HdpPlan> plans{plan_of(problem, 2, Kept(4, {0, 1, 2})),
                                   plan_of(problem, 2, Kept(4, {2, 3}))};
  const Played shared = play(config, shape, plans);
  EXPECT_EQ(shared.layout.slice_heads, 2);
  EXPECT_EQ(shared.read_of(Tensor::KInt), 64 * 32);
  EXPECT_EQ(shared.read_of(Tensor::KFrac), 8 * 96);
  EXPECT_EQ(shared.read_of(Tensor::V), 8 * 128);
  config.scheduling.slice_heads = 1;
  const Played apart = play(config, shape, plans);
  EXPECT_EQ(apart.read_of(Tensor::KInt), 2 * 64 * 32);
  EXPECT_EQ(apart.read_of(Tensor::KFrac), (6 + 4) * 96);
  EXPECT_EQ(apart.read_of(Tensor::V), (6 + 4) * 128);
  EXPECT_EQ(shared.totals().macs, apart.totals().macs);
}

TEST(ConservationTest, NoMoreHeadsInASliceThanCoresNeed) {
  HdpConfig config = unloaded(8, 8);
  const Problem problem{0, 8, 16, false};
  const auto slice = [&](std::int64_t heads, std::int64_t kv_heads, std::int64_t cores) {
    config.cores = cores;
    return make_layout(config, {heads, kv_heads, 8, 16, 64}, problem, format_of(config))
        .slice_heads;
  };
  EXPECT_EQ(slice(71, 1, 12), 6);
  EXPECT_EQ(slice(9, 3, 2), 3);
  EXPECT_EQ(slice(9, 3, 12), 1);
  EXPECT_EQ(slice(8, 8, 2), 1);
}

}  // namespace
}  // namespace hdp::test
