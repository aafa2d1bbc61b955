// SPDX-License-Identifier: Apache-2.0
#include <new>

#include <gtest/gtest.h>
#include <kernel/graphs.hpp>
#include <support/allocation_counter.hpp>

namespace hdp::test {
namespace {

TEST(AllocationTest, TheCounterCounts) {
  EXPECT_EQ(allocations_in([] { ::operator delete(::operator new(8)); }), 1);
}

TEST(AllocationTest, TheSteadyStateDoesNotAllocate) {
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    Channel<int> a(2);
    Channel<int> b(3, Cycles{2});
    Source source("source", a, 1'000'000);
    Stage stage("stage", a, b, Cycles{2});
    Sink sink("sink", b);
    Engine engine(mode);
    for (Toy* toy : std::initializer_list<Toy*>{&source, &stage, &sink}) engine.add(*toy);
    EXPECT_EQ(allocations_in([&] { engine.run_for(Cycles{10'000}); }), 0);
    EXPECT_GT(sink.seen.size(), 9'000U);
  }
}

}  // namespace
}  // namespace hdp::test
