// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/base/quantity.hpp>

namespace hdp {
namespace {

using namespace literals;

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
template <class A, class B>
concept Subtractable = requires(A a, B b) { a - b; };
template <class A, class B>
concept Comparable = requires(A a, B b) { a < b; };

static_assert(Addable<Cycle, Cycles> && Addable<Cycles, Cycles>);
static_assert(!Addable<Cycle, Cycle> && !Addable<Cycles, Cycle>);
static_assert(Subtractable<Cycle, Cycle> && !Subtractable<Cycles, Cycle>);
static_assert(Comparable<Cycle, Cycle> && !Comparable<Cycle, Cycles>);

TEST(QuantityTest, PointsAndSpansAddUp) {
  EXPECT_EQ(7_at + 3_cyc, 10_at);
  EXPECT_EQ(7_at - 3_cyc, 4_at);
  EXPECT_EQ(10_at - 7_at, 3_cyc);
  EXPECT_EQ(2_cyc + 3_cyc, 5_cyc);
  EXPECT_EQ(2_cyc - 3_cyc, Cycles{-1});
  EXPECT_EQ(4_cyc * 3, 12_cyc);
  Cycles total = 1_cyc;
  total += 2_cyc;
  EXPECT_EQ(total, 3_cyc);
}

TEST(QuantityTest, NeverIsLaterThanEveryCycle) {
  EXPECT_LT(9'000'000'000'000'000'000_at, kNever);
  EXPECT_LT(3_at, 4_at);
}

RC_GTEST_PROP(QuantityTest, CeilDivIsTheLeastMultipleThatIsEnough, ()) {
  const auto a = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
  const auto b = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
  const std::int64_t q = ceil_div(a, b);
  RC_ASSERT(q * b >= a);
  RC_ASSERT((q - 1) * b < a);
}

TEST(QuantityTest, TheNearestPowerOfTwoIsNearestByRatio) {
  for (const auto& [value, power] :
       {std::pair{0.0, 1}, {1.4, 1}, {1.42, 2}, {2.8, 2}, {2.9, 4}, {100.0, 128}, {90.0, 64}})
    EXPECT_EQ(nearest_power_of_two(value), power) << value;
}

}  // namespace
}  // namespace hdp
