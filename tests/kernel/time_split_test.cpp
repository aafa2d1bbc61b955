// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/kernel/time_split.hpp>

namespace hdp {
namespace {

enum class Reason { Input, Output, Count };
enum class NoReason { Count };
using Time = TimeSplit<Reason>;
using State = Time::State;

TEST(TimeSplitTest, ChargesSpansFromChangeToChange) {
  Time time;
  time.enter({State::Busy}, Cycle{3});
  time.enter({State::Blocked, Reason::Input}, Cycle{10});
  time.enter({State::Blocked, Reason::Output}, Cycle{100});
  time.enter({State::Busy}, Cycle{1'100});
  time.close(Cycle{1'105});
  EXPECT_EQ(time.idle(), Cycles{3});
  EXPECT_EQ(time.busy(), Cycles{12});
  EXPECT_EQ(time.blocked(Reason::Input), Cycles{90});
  EXPECT_EQ(time.blocked(Reason::Output), Cycles{1'000});
  EXPECT_EQ(time.blocked(), Cycles{1'090});
  EXPECT_EQ(time.total(), Cycles{1'105});
}

TEST(TimeSplitTest, DoesNotDependOnHowOftenItIsTold) {
  Time seldom(Cycle{5});
  Time often(Cycle{5});
  for (Cycle now{5}; now < Cycle{50}; now = now + Cycles{1}) {
    const Time::Doing doing{now < Cycle{20} ? State::Busy : State::Blocked, Reason::Output};
    often.enter(doing, now);
    if (now == Cycle{5} || now == Cycle{20}) seldom.enter(doing, now);
  }
  seldom.close(Cycle{50});
  often.close(Cycle{50});
  EXPECT_TRUE(seldom == often);
  EXPECT_EQ(often.total(), Cycles{45});
}

TEST(TimeSplitTest, TheLastStateEnteredInACycleCounts) {
  Time time;
  time.enter({State::Busy}, Cycle{0});
  time.enter({State::Blocked, Reason::Input}, Cycle{0});
  time.close(Cycle{4});
  EXPECT_EQ(time.busy(), Cycles{0});
  EXPECT_EQ(time.blocked(Reason::Input), Cycles{4});
}

TEST(TimeSplitTest, GoesOnAfterClose) {
  Time time;
  time.enter({State::Busy}, Cycle{0});
  time.close(Cycle{10});
  time.close(Cycle{30});
  EXPECT_EQ(time.busy(), Cycles{30});
}

TEST(TimeSplitTest, NeedsNoReason) {
  TimeSplit<NoReason> time;
  time.enter({TimeSplit<NoReason>::State::Busy}, Cycle{1});
  time.close(Cycle{3});
  EXPECT_EQ(time.busy(), Cycles{2});
  EXPECT_EQ(time.total(), Cycles{3});
  EXPECT_THROW(time.enter({TimeSplit<NoReason>::State::Blocked}, Cycle{4}), LogicFault);
}

TEST(TimeSplitTest, MisuseIsALogicFault) {
  Time time;
  time.enter({State::Busy}, Cycle{9});
  EXPECT_THROW(time.enter({State::Idle}, Cycle{8}), LogicFault);
  EXPECT_THROW(time.enter({State::Blocked, Reason::Count}, Cycle{10}), LogicFault);
  EXPECT_THROW((void)time.blocked(Reason::Count), LogicFault);
  EXPECT_THROW(time.close(Cycle{8}), LogicFault);
}

}  // namespace
}  // namespace hdp
