// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <gtest/gtest.h>
#include <kernel/toys.hpp>

#include <hdp/kernel/engine.hpp>

namespace hdp::test {
namespace {

/// Works at fixed cycles, and writes down all its ticks.
struct Alarm final : Component {
  explicit Alarm(std::vector<Cycle> at) : Component("alarm"), alarms(std::move(at)) {}
  void tick(Cycle now) override { ticked.push_back(now); }
  Cycle next_event(Cycle now) const override {
    for (const Cycle at : alarms) {
      if (at > now) return at;
    }
    return kNever;
  }
  std::vector<Cycle> alarms;
  std::vector<Cycle> ticked;
};

TEST(EngineTest, SkipsTheCyclesInWhichNothingCanHappen) {
  Alarm alarm({Cycle{3}, Cycle{1'000}, Cycle{1'000'000}});
  Engine engine;
  engine.add(alarm);
  engine.run_until_idle(Cycle{2'000'000});
  EXPECT_EQ(alarm.ticked, (std::vector{Cycle{0}, Cycle{3}, Cycle{1'000}, Cycle{1'000'000}}));
  EXPECT_EQ(engine.now(), Cycle{1'000'001});
}

TEST(EngineTest, TicksOnlyTheComponentsThatAreDue) {
  Alarm early({Cycle{2}});
  Alarm late({Cycle{5}});
  Engine engine;
  engine.add(early);
  engine.add(late);
  engine.run_for(Cycles{100});
  EXPECT_EQ(early.ticked, (std::vector{Cycle{0}, Cycle{2}}));
  EXPECT_EQ(late.ticked, (std::vector{Cycle{0}, Cycle{5}}));
  EXPECT_EQ(engine.now(), Cycle{100});
}

TEST(EngineTest, VisitTicksEveryComponentInEveryCycle) {
  Alarm alarm({Cycle{5}});
  Engine engine(IdleCycles::Visit);
  engine.add(alarm);
  engine.run_until_idle(Cycle{100});
  EXPECT_EQ(alarm.ticked.size(), 6U);
  engine.run_for(Cycles{4});
  EXPECT_EQ(alarm.ticked.size(), 10U);
  EXPECT_EQ(engine.now(), Cycle{10});
}

TEST(EngineTest, APushWakesASleepingReaderWhenItIsVisible) {
  Channel<int> link(2, Cycles{7});
  Sink sink("sink", link);
  Engine engine;
  engine.add(sink);
  engine.run_for(Cycles{100});
  EXPECT_EQ(sink.ticks, 1);
  link.push(Cycle{100}, 1);
  link.push(Cycle{102}, 2);
  engine.run_for(Cycles{100});
  EXPECT_EQ(sink.seen, (Trace{107, 1, 109, 2}));
  EXPECT_EQ(sink.ticks, 5);  // the start, and for each value its start and its end
}

/// Reads two links and leaves all waking to them.
struct Sleeper final : Component {
  Sleeper(Channel<int>& a, Channel<int>& b) : Component("sleeper"), in{&listen(a), &listen(b)} {}
  void tick(Cycle now) override {
    for (Channel<int>* link : in) {
      while (link->can_pop(now)) seen.insert(seen.end(), {now.index, link->pop(now)});
    }
  }
  Cycle next_event(Cycle) const override { return kNever; }
  std::array<Channel<int>*, 2> in;
  Trace seen;
};

TEST(EngineTest, AMessageStillOnItsWayIsNotForgottenOverAnEarlierOne) {
  Channel<int> slow(3, Cycles{50});
  Channel<int> fast(1, Cycles{2});
  Sleeper sleeper(slow, fast);
  Engine engine;
  engine.add(sleeper);
  slow.push(Cycle{0}, 1);
  slow.push(Cycle{4}, 2);
  fast.push(Cycle{1}, 3);
  engine.run_until_idle(Cycle{1'000});
  EXPECT_EQ(sleeper.seen, (Trace{3, 3, 50, 1, 54, 2}));
}

TEST(EngineTest, APopFromAFullChannelWakesItsWriterInTheNextCycle) {
  Channel<int> link(1);
  Source source("source", link, 3);
  Engine engine;
  engine.add(source);
  engine.run_for(Cycles{50});
  EXPECT_EQ(source.ticks, 2);  // the push, and finding the channel full
  EXPECT_EQ(link.pop(Cycle{50}), 0);
  engine.run_for(Cycles{50});
  EXPECT_EQ(link.next_pop(), Cycle{52});
  EXPECT_EQ(source.ticks, 4);
}

/// Fills its channel as far as it can, and sleeps.
struct Filler final : Component {
  explicit Filler(Channel<int>& link) : Component("filler"), out(drive(link)) {}
  void tick(Cycle now) override {
    while (pushed < 4 && out.can_push(now)) out.push(now, pushed++);
  }
  Cycle next_event(Cycle) const override { return kNever; }
  Channel<int>& out;
  int pushed = 0;
};

TEST(EngineTest, AWriterThatMeetsASlotFreedInTheSameCycleIsWokenForIt) {
  for (const bool reader_first : {false, true}) {
    Channel<int> link(2);
    Filler filler(link);
    link.push(Cycle{-1}, 9);
    Sink sink("sink", link);
    Engine engine;
    engine.add(filler);
    engine.add(sink);
    engine.set_order(reader_first ? std::array<std::size_t, 2>{1, 0}
                                  : std::array<std::size_t, 2>{0, 1});
    engine.run_until_idle(Cycle{100});
    EXPECT_EQ(sink.seen, (Trace{0, 9, 1, 0, 2, 1, 3, 2, 4, 3})) << reader_first;
  }
}

TEST(EngineTest, AHostMayWakeAComponent) {
  Alarm alarm({});
  Engine engine;
  engine.add(alarm);
  engine.run_until_idle(Cycle{100});
  alarm.alarms = {Cycle{40}};
  alarm.wake(engine.now());
  engine.run_until_idle(Cycle{100});
  EXPECT_EQ(alarm.ticked, (std::vector{Cycle{0}, Cycle{1}, Cycle{40}}));
}

TEST(EngineTest, RunUntilStopsAfterTheCycleThatFulfilsIt) {
  for (const IdleCycles mode : {IdleCycles::Skip, IdleCycles::Visit}) {
    Channel<int> link(2);
    Source source("source", link, 100, Cycles{10});
    Sink sink("sink", link);
    Engine engine(mode);
    engine.add(source);
    engine.add(sink);
    const auto three_seen = [&] { return sink.seen.size() == 6; };
    engine.run_until(Cycle{1'000}, three_seen);
    EXPECT_EQ(engine.now(), Cycle{22});
    engine.run_until(Cycle{1'000}, three_seen);
    EXPECT_EQ(engine.now(), Cycle{22});
    engine.run_until_idle(Cycle{2'000});
    EXPECT_EQ(sink.seen.size(), 200U);
  }
}

TEST(EngineTest, AComponentAddedLaterStartsInTheNextCycle) {
  Alarm first({Cycle{30}});
  Alarm second({});
  Engine engine;
  engine.add(first);
  engine.run_for(Cycles{10});
  engine.add(second);
  engine.run_until_idle(Cycle{100});
  EXPECT_EQ(first.ticked, (std::vector{Cycle{0}, Cycle{30}}));
  EXPECT_EQ(second.ticked, (std::vector{Cycle{10}}));
}

TEST(EngineTest, ClosesEveryComponentAtTheEnd) {
  Channel<int> link(2);
  Source source("source", link, 5, Cycles{3});
  Sink sink("sink", link);
  Engine engine;
  engine.add(source);
  engine.add(sink);
  engine.run_for(Cycles{1'000});
  engine.close_all();
  EXPECT_EQ(source.time.total(), Cycles{1'000});
  EXPECT_EQ(source.time.busy(), Cycles{12});
  EXPECT_EQ(sink.time.busy(), Cycles{5});
  EXPECT_EQ(sink.time.idle(), Cycles{995});
}

TEST(EngineTest, TwoEnginesInOneProcessDoNotMeet) {
  Channel<int> link_a(2, Cycles{1});
  Channel<int> link_b(2, Cycles{3});
  Source source_a("source", link_a, 4);
  Source source_b("source", link_b, 4);
  Sink sink_a("sink", link_a);
  Sink sink_b("sink", link_b);
  Engine a;
  Engine b(IdleCycles::Visit);
  a.add(source_a);
  b.add(source_b);
  a.add(sink_a);
  b.add(sink_b);
  for (int i = 0; i < 20; ++i) {
    a.run_for(Cycles{1});
    b.run_for(Cycles{2});
  }
  EXPECT_EQ(a.now(), Cycle{20});
  EXPECT_EQ(b.now(), Cycle{40});
  EXPECT_EQ(sink_a.seen, (Trace{1, 0, 2, 1, 3, 2, 4, 3}));
  EXPECT_EQ(sink_b.seen, (Trace{3, 0, 4, 1, 7, 2, 8, 3}));
}

struct Backward final : Component {
  Backward() : Component("backward") {}
  void tick(Cycle) override {}
  Cycle next_event(Cycle now) const override { return now; }
};

TEST(EngineTest, MisuseIsALogicFault) {
  Backward backward;
  Alarm alarm({});
  Engine engine;
  engine.add(alarm);
  EXPECT_THROW(engine.add(alarm), LogicFault);
  EXPECT_THROW(engine.set_order(std::array<std::size_t, 2>{0, 0}), LogicFault);
  engine.add(backward);
  EXPECT_THROW(engine.set_order(std::array<std::size_t, 2>{0, 0}), LogicFault);
  EXPECT_THROW(engine.run_for(Cycles{1}), LogicFault);
}

}  // namespace
}  // namespace hdp::test
