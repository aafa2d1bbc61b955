// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/kernel/engine.hpp>
#include <hdp/kernel/wire.hpp>

namespace hdp {
namespace {

TEST(WireTest, AValueIsSeenFromTheNextCycleUntilTheNextOne) {
  Wire<int> wire(4);
  EXPECT_EQ(wire.get(Cycle{0}), 4);
  wire.set(Cycle{0}, 5);
  EXPECT_EQ(wire.get(Cycle{0}), 4);
  EXPECT_EQ(wire.get(Cycle{1}), 5);
  wire.set(Cycle{9}, 6);
  EXPECT_EQ(wire.get(Cycle{9}), 5);
  EXPECT_EQ(wire.get(Cycle{10}), 6);
  EXPECT_EQ(wire.get(Cycle{99}), 6);
}

TEST(WireTest, TheLastValueOfACycleCounts) {
  Wire<int> wire;
  wire.set(Cycle{2}, 1);
  wire.set(Cycle{2}, 2);
  EXPECT_EQ(wire.get(Cycle{2}), 0);
  EXPECT_EQ(wire.get(Cycle{3}), 2);
}

TEST(WireTest, AnUnchangedValueStillCountsAsTheLastOne) {
  Wire<int> wire;
  wire.set(Cycle{1}, 7);
  wire.set(Cycle{2}, 7);
  EXPECT_EQ(wire.get(Cycle{2}), 7);
  wire.set(Cycle{2}, 8);
  EXPECT_EQ(wire.get(Cycle{2}), 7);
  EXPECT_EQ(wire.get(Cycle{3}), 8);
}

struct Listener final : Component {
  explicit Listener(Wire<int>& in) : Component("listener"), wire(listen(in)) {}
  void tick(Cycle now) override { last = now; }
  Cycle next_event(Cycle) const override { return kNever; }
  Wire<int>& wire;
  Cycle last{-1};
};

TEST(WireTest, OnlyAChangeWakesTheReader) {
  Wire<int> wire(3);
  Listener listener(wire);
  Engine engine;
  engine.add(listener);
  engine.run_for(Cycles{10});
  EXPECT_EQ(listener.last, Cycle{0});
  wire.set(Cycle{20}, 3);
  engine.run_for(Cycles{90});
  EXPECT_EQ(listener.last, Cycle{0});
  wire.set(Cycle{200}, 4);
  engine.run_for(Cycles{900});
  EXPECT_EQ(listener.last, Cycle{201});
}

TEST(WireTest, WakesOneReaderAndHasOneWriter) {
  Wire<int> wire;
  Listener listener(wire);
  EXPECT_THROW(wire.bind_reader(listener), LogicFault);
  wire.bind_writer(listener);
  EXPECT_THROW(wire.bind_writer(listener), LogicFault);
}

}  // namespace
}  // namespace hdp
