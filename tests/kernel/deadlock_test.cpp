// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <kernel/toys.hpp>

#include <hdp/kernel/deadlock.hpp>
#include <hdp/kernel/engine.hpp>

namespace hdp::test {
namespace {

template <class Error, class Work>
std::string message_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing thrown";
}

constexpr auto never = [] { return false; };

TEST(DeadlockTest, NamesTheCycleAndWhoWaitsForWhat) {
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    Channel<int> a(2);
    Channel<int> b(1);
    Channel<int> c(1);
    Source source("source", a, 5);
    Stage first("first", a, b, Cycles{4});
    Stage second("second", c, c, Cycles{1});  // waits for itself
    Engine engine(mode);
    engine.add(source);
    engine.add(first);
    engine.add(second);
    // first hands on value 0 at 5, and holds value 1 from 9 on.
    EXPECT_EQ(message_of<Deadlock>([&] { engine.run_until_idle(Cycle{1'000}, never); }),
              "no component can make progress at cycle 9\n"
              "  source: output full\n"
              "  first: output full\n"
              "  second: input empty");
  }
}

TEST(DeadlockTest, LeavesOutWhoWaitsForNothing) {
  Channel<int> link(2);
  Channel<int> nowhere(9);
  Source source("source", link, 2);
  Stage stage("stage", link, nowhere, Cycles{3});
  Engine engine;
  engine.add(source);
  engine.add(stage);
  EXPECT_EQ(message_of<Deadlock>([&] { engine.run_until(Cycle{1'000}, never); }),
            "no component can make progress at cycle 7\n  stage: input empty");
}

TEST(DeadlockTest, IsNoneWhereTheWorkIsDone) {
  Channel<int> link(2);
  Source source("source", link, 2);
  Sink sink("sink", link);
  Engine engine;
  engine.add(source);
  engine.add(sink);
  EXPECT_NO_THROW(engine.run_until_idle(Cycle{100}, [&] { return sink.seen.size() == 4; }));
  EXPECT_EQ(engine.now(), Cycle{4});
}

TEST(DeadlockTest, AnEngineWithoutComponentsIsStuckAtOnce) {
  Engine engine;
  EXPECT_NO_THROW(engine.run_until_idle(Cycle{10}));
  EXPECT_EQ(message_of<Deadlock>([&] { engine.run_until_idle(Cycle{10}, never); }),
            "no component can make progress at cycle 0");
}

struct Restless final : Component {
  Restless() : Component("restless") {}
  void tick(Cycle) override {}
  std::string describe_wait() const override { return "end of the world"; }
};

TEST(DeadlockTest, TheLimitEndsARunThatNeverSleeps) {
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    Restless restless;
    Engine engine(mode);
    engine.add(restless);
    EXPECT_EQ(message_of<LimitReached>([&] { engine.run_until_idle(Cycle{70}); }),
              "not finished at the limit of 70 cycles\n  restless: end of the world");
    EXPECT_EQ(engine.now(), Cycle{70});
  }
}

}  // namespace
}  // namespace hdp::test
