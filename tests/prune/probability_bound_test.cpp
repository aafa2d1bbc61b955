// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/random.hpp>
#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/probability_bound.hpp>

namespace hdp {
namespace {

std::int64_t product(const std::vector<std::int32_t>& q, const std::vector<std::int32_t>& k,
                     std::int64_t unread) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < q.size(); ++i)
    sum += std::int64_t{q[i]} * ((k[i] >> unread) * (std::int32_t{1} << unread));
  return sum;
}

/// numerics.md, section 7.
TEST(ProbabilityBoundTest, TheGoldenVectorHasItsBounds) {
  const std::vector<std::int32_t> q{700, -350, 125, -2000}, k{1365, -819, -37, 1023};
  ProbabilityBound bound{ProbabilityRule{}};
  bound.begin(q, 1e-6, 1);
  const std::vector<std::vector<std::int64_t>> expected{
      {-912'850, -103'225}, {-814'050, -766'425}, {-808'475, -808'475}};
  for (std::int64_t chunk = 0; chunk < 3; ++chunk) {
    const std::int64_t partial = product(q, k, 8 - 4 * chunk);
    const auto& [least, most] = std::tie(expected[static_cast<std::size_t>(chunk)][0],
                                         expected[static_cast<std::size_t>(chunk)][1]);
    EXPECT_EQ(bound.s_min(chunk, partial), least);
    EXPECT_EQ(bound.s_max(chunk, partial), most);
  }
}

TEST(ProbabilityBoundTest, AKeyAloneIsKept) {
  for (const ExponentialUnit unit : {ExponentialUnit::Double, ExponentialUnit::Lut}) {
    ProbabilityBound bound{{.threshold = 0.99, .chunk_bits = {12}, .exponential = unit}};
    bound.begin(std::vector<std::int32_t>{1, 2}, 1.0, 1);
    EXPECT_EQ(bound.observe(0, 0, 5), Verdict::Keep);
  }
}

TEST(ProbabilityBoundTest, AKeyFarBelowAnotherIsDropped) {
  for (const ExponentialUnit unit : {ExponentialUnit::Double, ExponentialUnit::Lut}) {
    ProbabilityBound bound{{.threshold = 1e-3, .chunk_bits = {6, 6}, .exponential = unit}};
    bound.begin(std::vector<std::int32_t>{1}, 1.0, 3);
    EXPECT_EQ(bound.observe(0, 0, 0), Verdict::Next);
    EXPECT_EQ(bound.observe(1, 0, -192), Verdict::Drop);
    EXPECT_EQ(bound.observe(0, 1, 30), Verdict::Keep);
    EXPECT_EQ(bound.observe(2, 0, -39), Verdict::Next);  // up to 24: e^-6, 0.0025
    EXPECT_EQ(bound.observe(2, 1, 22), Verdict::Drop);   // e^-8
  }
}

struct Drawn {
  std::vector<std::int32_t> query;
  std::vector<std::vector<std::int32_t>> keys;
  double sigma = 1;
  ProbabilityRule rule;
};

Drawn draw(RandomStream& random) {
  const std::vector<std::vector<std::int64_t>> lists{
      {4, 4, 4}, {6, 6}, {12}, {2, 2, 2, 2, 2, 2}, {1, 3, 8}};
  Drawn drawn;
  const auto d = static_cast<std::size_t>(1 + random.below(16));
  const auto code = [&] { return static_cast<std::int32_t>(random.below(4095)) - 2047; };
  for (std::size_t i = 0; i < d; ++i) drawn.query.push_back(code());
  drawn.keys.resize(static_cast<std::size_t>(1 + random.below(60)));
  for (auto& key : drawn.keys)
    for (std::size_t i = 0; i < d; ++i) key.push_back(code());
  drawn.sigma = std::exp2(-26 + 16 * random.uniform());
  drawn.rule.threshold = std::pow(10, -4 * random.uniform() - 0.05);
  drawn.rule.chunk_bits = lists[static_cast<std::size_t>(random.below(lists.size()))];
  if (random.below(2) == 0) drawn.rule.exponential = ExponentialUnit::Lut;
  return drawn;
}

/// In any order of arrival, those of a key in their own.
TEST(ProbabilityBoundTest, NoKeyAboveTheThresholdIsDropped) {
  RandomStream random(3, "probability bound");
  std::int64_t dropped = 0, kept = 0;
  for (int round = 0; round < 3000; ++round) {
    const Drawn drawn = draw(random);
    const auto keys = static_cast<std::int64_t>(drawn.keys.size());
    std::vector<double> p;
    for (const auto& key : drawn.keys)
      p.push_back(drawn.sigma * static_cast<double>(product(drawn.query, key, 0)));
    softmax(p);
    ProbabilityBound bound(drawn.rule);
    bound.begin(drawn.query, drawn.sigma, keys);
    std::vector<std::int64_t> live(drawn.keys.size()), chunk(drawn.keys.size(), 0);
    std::iota(live.begin(), live.end(), 0);
    while (!live.empty()) {
      const auto at = static_cast<std::size_t>(random.below(live.size()));
      const auto key = static_cast<std::size_t>(live[at]);
      const std::int64_t c = chunk[key]++;
      const Verdict verdict = bound.observe(
          live[at], c, product(drawn.query, drawn.keys[key], drawn.rule.unread_bits(c)));
      if (verdict == Verdict::Next) continue;
      if (verdict == Verdict::Drop) {
        ASSERT_LE(p[key], drawn.rule.threshold * (1 + 1e-9)) << "round " << round;
        ++dropped;
      } else {
        ++kept;
      }
      live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  EXPECT_GT(dropped, 10'000);
  EXPECT_GT(kept, 10'000);
}

/// The tables give up little: whoever the doubles drop with a tenth to spare goes there too.
TEST(ProbabilityBoundTest, TablesDropWhatIsClearlyBelow) {
  RandomStream random(4, "probability bound");
  for (int round = 0; round < 500; ++round) {
    Drawn drawn = draw(random);
    const auto keys = static_cast<std::int64_t>(drawn.keys.size());
    drawn.rule.exponential = ExponentialUnit::Double;
    ProbabilityRule strict = drawn.rule;
    strict.threshold *= 0.9;
    ProbabilityRule tables = drawn.rule;
    tables.exponential = ExponentialUnit::Lut;
    ProbabilityBound exact(strict), lut(tables);
    exact.begin(drawn.query, drawn.sigma, keys);
    lut.begin(drawn.query, drawn.sigma, keys);
    for (std::int64_t chunk = 0; chunk < drawn.rule.chunks(); ++chunk)
      for (std::int64_t key = 0; key < keys; ++key) {
        const std::int64_t partial = product(drawn.query, drawn.keys[static_cast<std::size_t>(key)],
                                             drawn.rule.unread_bits(chunk));
        // A mantissa of 16 bits is off by a share of the logarithm: e^200 is not e^201.
        if (std::abs(drawn.sigma * static_cast<double>(partial)) > 500) continue;
        const Verdict of_exact = exact.observe(key, chunk, partial);
        const Verdict of_lut = lut.observe(key, chunk, partial);
        if (of_exact == Verdict::Drop) {
          EXPECT_EQ(of_lut, Verdict::Drop) << "round " << round;
        }
      }
  }
}

}  // namespace
}  // namespace hdp
