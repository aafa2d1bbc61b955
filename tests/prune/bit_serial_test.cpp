// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/random.hpp>
#include <hdp/prune/bit_serial_keys.hpp>

namespace hdp {
namespace {

using Codes = std::vector<std::int32_t>;

constexpr MarginRule kMargins[]{MarginRule::SignPairs, MarginRule::AllMagnitudes};
constexpr std::int64_t kNever = INT64_MIN / 2;

/// numerics.md, section 7.
TEST(BitSerialTest, TheGoldenVectorHasItsPartialProductsAndMargins) {
  const Codes q{700, -350, 125, -2000}, k{1365, -819, -37, 1023};
  const std::vector<std::pair<std::int64_t, std::int64_t>> expected{
      {716'800, 1'074'150}, {-371'200, 267'750}, {-710'400, 66'150},
      {-782'400, 15'750},   {-804'100, 3'150},   {-808'475, 0}};
  BitSerialScore score({}, q, k);
  for (std::size_t step = 0; step < 6; ++step) {
    EXPECT_EQ(score.step(kNever), step < 5 ? Verdict::Next : Verdict::Keep);
    EXPECT_EQ(score.partial(), expected[step].first);
    EXPECT_EQ(score.margin(), expected[step].second);
  }
  BitSerialScore loose({.margin_rule = MarginRule::AllMagnitudes}, q, k);
  loose.step(kNever);
  EXPECT_EQ(loose.margin(), 1023 * 3175);
}

TEST(BitSerialTest, ZeroHasTheSignPlus) {
  const BitSerialRule rule;
  EXPECT_EQ(rule.reach(Codes{5}, Codes{0}), 5);
  EXPECT_EQ(rule.reach(Codes{-5}, Codes{0}), 0);
  EXPECT_EQ(rule.reach(Codes{0}, Codes{-1}), 0);
  BitSerialQuery decided;
  const Matrix<std::int32_t> zero(1, 1);
  // One bit tells the sign alone: up to 2047 * 5 may come, 2047 * -5 may not.
  const BitSerialKeys keys(zero.view(), {.step_bits = 1}, 12);
  keys.decide(Codes{5}, 1, 5 * 2047, decided);
  EXPECT_EQ(decided.steps, std::vector<std::int64_t>{2});
  keys.decide(Codes{-5}, 1, 1, decided);
  EXPECT_EQ(decided.steps, std::vector<std::int64_t>{1});
}

std::int64_t product(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::int64_t sum = 0;
  for (std::size_t e = 0; e < a.size(); ++e) sum += std::int64_t{a[e]} * b[e];
  return sum;
}

/// Codes of `bits` bits, the symmetric range, ends and zeros among them.
Codes any_codes(RandomStream& random, std::size_t count, std::int64_t bits) {
  const auto limit = (std::int64_t{1} << (bits - 1)) - 1;
  Codes codes(count);
  for (std::int32_t& code : codes) {
    const auto kind = random.below(10);
    const auto any =
        static_cast<std::int64_t>(random.below(2 * static_cast<std::uint64_t>(limit) + 1)) - limit;
    code = static_cast<std::int32_t>(kind == 0 ? 0 : kind == 1 ? limit : kind == 2 ? -limit : any);
  }
  return codes;
}

/// Every width of a word, of a step, and both margins: exactly the scores that reach the threshold
/// survive, each step is as the definition has it, and the fast way is the step-by-step one.
TEST(BitSerialTest, SurvivorsAreExactlyTheScoresThatReachTheThreshold) {
  RandomStream random(15, "bit serial");
  for (const std::int64_t bits : {2, 5, 8, 12, 16, 17, 24})
    for (std::int64_t step_bits = 1; step_bits <= bits; ++step_bits) {
      if (bits % step_bits != 0) continue;
      for (const MarginRule margin : kMargins) {
        const BitSerialRule rule{bits, step_bits, margin};
        const std::size_t d = 1 + random.below(70), n = 20;
        const std::int64_t query_bits = 2 + static_cast<std::int64_t>(random.below(23));
        const Codes q = any_codes(random, d, query_bits);
        Matrix<std::int32_t> k(static_cast<std::int64_t>(n), static_cast<std::int64_t>(d));
        std::ranges::copy(any_codes(random, n * d, bits), k.values().begin());
        std::vector<std::int64_t> scores(n);
        for (std::size_t j = 0; j < n; ++j)
          scores[j] = product(q, std::as_const(k).row(static_cast<std::int64_t>(j)));
        const BitSerialKeys keys(std::as_const(k).view(), rule, query_bits);
        std::vector<std::int64_t> made(n);
        keys.scores(q, made);
        EXPECT_EQ(made, scores);
        // A score itself, or one above or below it: both sides of the test.
        const std::int64_t threshold =
            scores[random.below(n)] + static_cast<std::int64_t>(random.below(3)) - 1;
        BitSerialQuery decided;
        keys.decide(q, static_cast<std::int64_t>(n), threshold, decided);
        std::vector<std::int32_t> expected;
        for (std::size_t j = 0; j < n; ++j) {
          if (scores[j] >= threshold) expected.push_back(static_cast<std::int32_t>(j));
          BitSerialScore score(rule, q, std::as_const(k).row(static_cast<std::int64_t>(j)));
          Verdict verdict = Verdict::Next;
          while (verdict == Verdict::Next) {
            verdict = score.step(threshold);
            EXPECT_GE(score.partial() + score.margin(), scores[j]);
          }
          EXPECT_EQ(verdict == Verdict::Keep, scores[j] >= threshold);
          EXPECT_EQ(decided.steps[j], score.steps());
          if (verdict == Verdict::Keep) {
            EXPECT_EQ(decided.scores[j], scores[j]);
          }
        }
        EXPECT_EQ(decided.survivors, expected);
      }
    }
}

/// The looser margin never stops earlier, wider steps never stop at fewer bits.
TEST(BitSerialTest, TighterMarginsAndNarrowerStepsStopAtFewerBits) {
  RandomStream random(16, "bit serial");
  Matrix<std::int32_t> k(40, 64);
  std::ranges::copy(any_codes(random, 40 * 64, 12), k.values().begin());
  const Codes q = any_codes(random, 64, 12);
  const auto bits_with = [&](std::int64_t step_bits, MarginRule margin) {
    BitSerialQuery decided;
    BitSerialKeys(std::as_const(k).view(), {12, step_bits, margin}, 12)
        .decide(q, 40, 1'000'000, decided);
    for (std::int64_t& steps : decided.steps) steps *= step_bits;
    return decided.steps;
  };
  const auto none_above = [](const std::vector<std::int64_t>& few,
                             const std::vector<std::int64_t>& many) {
    return std::ranges::equal(few, many, std::less_equal{}) && few != many;
  };
  EXPECT_TRUE(
      none_above(bits_with(1, MarginRule::SignPairs), bits_with(1, MarginRule::AllMagnitudes)));
  EXPECT_TRUE(none_above(bits_with(1, MarginRule::SignPairs), bits_with(2, MarginRule::SignPairs)));
  EXPECT_TRUE(none_above(bits_with(2, MarginRule::SignPairs), bits_with(4, MarginRule::SignPairs)));
}

}  // namespace
}  // namespace hdp
