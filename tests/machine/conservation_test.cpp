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
  TensorBytes read{};
  std::int64_t written = 0;
  for (const HdpPlan& plan : c.plans) {
    const TensorBytes head = ExpectedBytes(c.config, played.layout, plan).read();
    for (std::size_t t = 0; t < kTensors; ++t) read[t] += head[t];
    if (plan.head_kept || c.config.core.write_zeros)
      written += plan.problem.queries * ((c.shape.d * 16 + 7) / 8);
  }
  RC_ASSERT(played.read == read);
  RC_ASSERT(sum_of(played.written) == written);
  RC_ASSERT(played.written[static_cast<std::size_t>(Tensor::Out)] == written);
  RC_ASSERT(played.memory.read_bytes == sum_of(read));
  RC_ASSERT(played.memory.written_bytes == written);
}

RC_GTEST_PROP(ConservationTest, EveryHeadIsPlayedOnceOnItsCore, ()) {
  const MachineCase c = arbitrary_case();
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
  for (std::size_t core = 0; core < heads.size(); ++core)
    RC_ASSERT(played.counter("core" + std::to_string(core) + ".sequencer", "heads") == heads[core]);
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
  if (played.layout.k_resident)
    RC_ASSERT(played.read_of(Tensor::K) == heads * c.problem.keys * row);
  if (played.layout.v_resident)
    RC_ASSERT(played.read_of(Tensor::V) == heads * c.problem.keys * row);
  RC_ASSERT(sum_of(played.written) == heads * c.problem.queries * row);
  RC_ASSERT(sum_of(played.read) == played.memory.read_bytes);
}

TEST(ConservationTest, KAndVThatDoNotFitAreStreamedForEveryStrip) {
  HdpConfig config = unloaded(8, 8);
  const Problem problem{0, 24, 64, false};
  config.core.k_sram.bytes = 32 * 128;  // four tiles of eight rows of 128 bytes
  config.core.v_sram.bytes = 63 * 128;
  const Played played = play_dense(config, shape_of(problem, 64), problem);
  EXPECT_FALSE(played.layout.k_resident);
  EXPECT_FALSE(played.layout.v_resident);
  EXPECT_EQ(played.read_of(Tensor::K), 3 * 64 * 128);
  EXPECT_EQ(played.read_of(Tensor::V), 3 * 64 * 128);
}

}  // namespace
}  // namespace hdp::test
