// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/random.hpp>
#include <hdp/numeric/exponential.hpp>
#include <hdp/numeric/softmax.hpp>

namespace hdp {
namespace {

std::vector<double> naive_softmax(const std::vector<double>& logits) {
  const double top = *std::ranges::max_element(logits);
  long double sum = 0;
  for (const double x : logits) sum += std::exp(static_cast<long double>(x) - top);
  std::vector<double> p;
  for (const double x : logits)
    p.push_back(static_cast<double>(std::exp(static_cast<long double>(x) - top) / sum));
  return p;
}

void expect_naive(std::vector<double> row) {
  const std::vector<double> want = naive_softmax(row);
  softmax(row);
  for (std::size_t i = 0; i < row.size(); ++i)
    ASSERT_NEAR(row[i], want[i], 1e-15 + 4e-15 * want[i]) << i << " of " << row.size();
}

TEST(SoftmaxTest, MatchesEightyBitsAtEveryLength) {
  RandomStream random(8, "softmax");
  for (const double spread : {0.01, 1.0, 30.0, 1e5}) {
    for (std::size_t n = 1; n <= 40; ++n) {
      std::vector<double> row(n);
      for (double& x : row) x = spread * random.normal();
      expect_naive(row);
    }
  }
}

TEST(SoftmaxTest, TheMaximumMayStandAnywhere) {
  for (std::size_t at = 0; at < 19; ++at) {
    std::vector<double> row(19, -1'000.0);
    row[at] = 5'000.0;
    softmax(row);
    for (std::size_t i = 0; i < row.size(); ++i)
      EXPECT_EQ(row[i], i == at ? 1.0 : exponential(-708.0));
  }
}

TEST(SoftmaxTest, EqualLogitsShareEqually) {
  std::vector<double> row(8, -3e7);
  softmax(row);
  EXPECT_EQ(row, std::vector<double>(8, 0.125));
}

TEST(SoftmaxTest, AnEmptyRowStaysEmptyAndOneEntryTakesAll) {
  softmax({});
  std::vector<double> row{-123.5};
  softmax(row);
  EXPECT_EQ(row, std::vector<double>{1.0});
}

}  // namespace
}  // namespace hdp
