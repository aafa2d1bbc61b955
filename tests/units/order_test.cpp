// SPDX-License-Identifier: Apache-2.0
// Small netlists of units: neither the order of ticks nor skipping changes anything.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <support/allocation_counter.hpp>
#include <support/ends.hpp>
#include <support/orders.hpp>

#include <hdp/units/matrix_engine.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp::test {
namespace {

using Jobs = std::vector<Timed<PeJob>>;

struct Slots {
  std::size_t jobs = 2, middle = 2, end = 2, done = 2;
  Cycles gap{1};
};

/// PE array -> sparsity engine and softmax unit. A job goes to one of them or to none.
struct UnitsNet final : Netlist {
  UnitsNet(const Slots& slots, const Jobs& work)
      : jobs(slots.jobs),
        tiles(slots.middle, PeArrayConfig{}.pipeline()),
        scores(slots.middle, PeArrayConfig{}.pipeline()),
        done(slots.done, PeArrayConfig{}.pipeline()),
        masks(slots.end),
        probabilities(slots.end, Cycles{87}),
        feeder("jobs", jobs, work),
        done_taker("done", done),
        mask_taker("masks", masks, slots.gap),
        probability_taker("probabilities", probabilities, slots.gap) {}

  std::vector<Component*> parts() override {
    return {&feeder, &array, &engine, &softmax, &done_taker, &mask_taker, &probability_taker};
  }
  void write(Trace& trace) const override {
    write_time(trace, array.time());
    write_time(trace, engine.time());
    write_time(trace, softmax.time());
    for (const Cycles cycles : array.phase_cycles()) trace.push_back(cycles.count);
    trace.insert(trace.end(), {array.jobs(), engine.tiles(), engine.strips(), softmax.jobs()});
    for (const auto& [at, result] : done_taker.seen) {
      trace.insert(trace.end(), {at.index, result.start.index, result.end.index});
    }
    for (const auto& [at, mask] : mask_taker.seen) {
      trace.insert(trace.end(), {at.index, std::int64_t{mask.id.strip}});
    }
    for (const auto& [at, strip] : probability_taker.seen) {
      trace.insert(trace.end(), {at.index, std::int64_t{strip.id.strip}});
    }
  }

  Channel<PeJob> jobs;
  Wire<PeWait> wait{PeWait::Memory};
  Channel<EngineTile> tiles;
  Channel<StreamJob> scores;
  Channel<PeDone> done;
  Channel<StripMask> masks;
  Channel<StreamDone> probabilities;
  Feeder<PeJob> feeder;
  PeArray array{"pe", {jobs, wait, tiles, scores, done}};
  SparsityEngine engine{"se", tiles, masks};
  StreamUnit softmax{"softmax", "softmax", scores, probabilities, softmax_kind()};
  Taker<PeDone> done_taker;
  Taker<StripMask> mask_taker;
  Taker<StreamDone> probability_taker;
};

/// Only some parts of the net, so that all their orders can be tried.
struct PartOfNet final : Netlist {
  enum class Part { Engine, Softmax };
  PartOfNet(Part which, const Slots& slots, const Jobs& work) : part(which), net(slots, work) {}
  std::vector<Component*> parts() override {
    if (part == Part::Engine)
      return {&net.feeder, &net.array, &net.engine, &net.done_taker, &net.mask_taker};
    return {&net.feeder, &net.array, &net.softmax, &net.done_taker, &net.probability_taker};
  }
  void write(Trace& trace) const override { net.write(trace); }

  Part part;
  UnitsNet net;
};

Jobs jobs_for(PartOfNet::Part part, std::int32_t later, Cycles gap) {
  const bool engine = part == PartOfNet::Part::Engine;
  Jobs jobs;
  for (std::uint32_t i = 0; i < 9; ++i) {
    const bool closes = i % 3 == 2;
    jobs.push_back({Cycle{0} + gap * i,
                    {.id = {0, i},
                     .phase = engine ? Phase::Integer : Phase::Fraction,
                     .to_engine = engine,
                     .to_softmax = !engine,
                     .engine_add = later,
                     .engine_select = closes ? later : 0,
                     .softmax = later,
                     .compute = 4 + i % 2,
                     .operands = closes ? 9 : 0}});
  }
  return jobs;
}

void expect_part_is_order_free(PartOfNet::Part part) {
  for (const std::int32_t later : {1, 5, 30}) {
    const Jobs jobs = jobs_for(part, later, {later == 5 ? 11 : 0});
    expect_order_free([&] { return std::make_unique<PartOfNet>(part, Slots{}, jobs); });
    const Slots tight{.jobs = 1, .middle = 1, .end = 1, .done = 1, .gap = {40}};
    expect_order_free([&] { return std::make_unique<PartOfNet>(part, tight, jobs); });
  }
}

TEST(UnitsOrderTest, APeArrayAndASparsityEngineAreOrderFree) {
  expect_part_is_order_free(PartOfNet::Part::Engine);
}

TEST(UnitsOrderTest, APeArrayAndASoftmaxUnitAreOrderFree) {
  expect_part_is_order_free(PartOfNet::Part::Softmax);
}

/// Passes for the matrix engine, whose results are taken now and then.
struct MatrixNet final : Netlist {
  MatrixNet(const std::vector<Timed<MatrixPass>>& work, std::size_t slots, Cycles gap)
      : passes(slots),
        done(slots, Cycles{4}),
        feeder("passes", passes, work),
        taker("done", done, gap) {}
  std::vector<Component*> parts() override { return {&feeder, &engine, &taker}; }
  void write(Trace& trace) const override {
    write_time(trace, engine.time());
    for (const Counter& counter : engine.report().counters) trace.push_back(counter.value);
    for (const auto& [at, result] : taker.seen)
      trace.insert(trace.end(), {at.index, result.start.index, result.end.index});
  }

  Channel<MatrixPass> passes;
  Wire<MatrixWait> wait{MatrixWait::Memory};
  Channel<MatrixPassDone> done;
  Feeder<MatrixPass> feeder;
  MatrixEngine engine{"matrix_engine", {passes, wait, done}};
  Taker<MatrixPassDone> taker;
};

TEST(UnitsOrderTest, AMatrixEngineIsOrderFree) {
  for (const std::int64_t gap : {1, 12, 40}) {
    std::vector<Timed<MatrixPass>> passes;
    for (std::int64_t i = 0; i < 9; ++i)
      passes.push_back({Cycle{gap * (i / 3)}, {"pass", 3 + i % 4 * 5, i, i % 2 == 0}});
    for (const std::size_t slots : {std::size_t{1}, std::size_t{2}, std::size_t{6}})
      expect_order_free([&] { return std::make_unique<MatrixNet>(passes, slots, Cycles{gap}); });
  }
}

RC_GTEST_PROP(UnitsOrderTest, SkippingGivesTheSameAsVisitingUnderRandomJobs, ()) {
  Jobs jobs;
  Cycle at{0};
  const auto count = *rc::gen::inRange<std::uint32_t>(1, 40);
  for (std::uint32_t i = 0; i < count; ++i) {
    at = at + Cycles{*rc::gen::inRange(0, 3) == 0 ? *rc::gen::inRange(0, 60) : 0};
    const int target = *rc::gen::inRange(0, 3);
    jobs.push_back({at,
                    {.id = {0, i},
                     .to_engine = target == 0,
                     .to_softmax = target == 1,
                     .engine_add = *rc::gen::inRange(0, 20),
                     .engine_select = *rc::gen::inRange(0, 20),
                     .softmax = *rc::gen::inRange(0, 50),
                     .compute = *rc::gen::inRange(0, 20),
                     .operands = *rc::gen::inRange(0, 30)}});
  }
  const Slots slots{.jobs = *rc::gen::inRange<std::size_t>(1, 4),
                    .middle = *rc::gen::inRange<std::size_t>(1, 6),
                    .end = *rc::gen::inRange<std::size_t>(1, 4),
                    .done = *rc::gen::inRange<std::size_t>(1, 6),
                    .gap = {*rc::gen::inRange(1, 30)}};
  UnitsNet skipped(slots, jobs), visited(slots, jobs);
  RC_ASSERT(outcome(skipped, {}, IdleCycles::Skip) == outcome(visited, {}, IdleCycles::Visit));
  RC_ASSERT(skipped.done_taker.seen.size() == jobs.size());
  Cycles by_phase;
  for (const Cycles cycles : skipped.array.phase_cycles()) by_phase += cycles;
  RC_ASSERT(by_phase == skipped.array.time().busy());
}

TEST(UnitsOrderTest, TheEngineStaysInTheShadowOfTheArray) {
  // 64 cycles a tile, 16 to add its blocks, 20 a row of blocks: only the tail is seen.
  Jobs jobs;
  for (int i = 0; i < 10; ++i) {
    jobs.push_back({Cycle{0},
                    {.id = {},
                     .to_engine = true,
                     .engine_add = 16,
                     .engine_select = i == 9 ? 20 : 0,
                     .compute = 64}});
  }
  UnitsNet net({}, jobs);
  outcome(net, {}, IdleCycles::Skip);
  ASSERT_EQ(net.mask_taker.seen.size(), 1U);
  EXPECT_EQ(net.mask_taker.seen[0].at, Cycle{1 + 10 * 64 + 4 + 16 + 20 + 1});
  EXPECT_EQ(net.array.time().busy(), Cycles{640});
}

TEST(UnitsOrderTest, TheSteadyStateDoesNotAllocate) {
  Jobs jobs;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    jobs.push_back({Cycle{0},
                    {.id = {},
                     .to_engine = i % 3 == 0,
                     .to_softmax = i % 3 == 1,
                     .engine_add = 2,
                     .engine_select = 3,
                     .softmax = 4,
                     .compute = 3}});
  }
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    UnitsNet net({.end = 90}, jobs);
    Engine engine(mode);
    for (Component* part : net.parts()) engine.add(*part);
    engine.run_for(Cycles{1'000});
    EXPECT_EQ(allocations_in([&] { engine.run_for(Cycles{10'000}); }), 0);
    EXPECT_GT(net.array.jobs(), 3'000);
  }
}

}  // namespace
}  // namespace hdp::test
