// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/numeric/integer_product.hpp>

namespace hdp {
namespace {

struct Magnitudes {
  const char* name;
  std::int32_t row, key;
};

// Products up to 4095 leave room for eight or more in a 16-bit sum; see integer_product.cpp.
constexpr Magnitudes kMagnitudes[]{{"one 16-bit chunk", 7, 7},
                                   {"two to four chunks", 40, 40},
                                   {"chunks of eight", 15, 273},
                                   {"just too large for chunks", 64, 64},
                                   {"largest 16-bit key", 1, 32767},
                                   {"32-bit sums", 1000, 1000},
                                   {"barely 32-bit sums", 5000, 6000},
                                   {"64-bit sums", 8'388'607, 8'388'607},
                                   {"nothing but zeros in rows", 0, 8'388'607},
                                   {"nothing but zeros in keys", 8'388'607, 0}};

/// Values in +-most; now and then all of them at one end, so that sums come close to their bound.
Matrix<std::int32_t> random_matrix(RandomStream& random, std::int64_t rows, std::int64_t columns,
                                   std::int32_t most) {
  Matrix<std::int32_t> matrix(rows, columns);
  const std::uint64_t kind = random.below(4);
  for (std::int32_t& v : matrix.values()) {
    v = static_cast<std::int32_t>(random.below(2 * static_cast<std::uint64_t>(most) + 1)) - most;
    if (kind < 2) v = kind == 0 ? most : -most;
  }
  if (rows * columns > 0) matrix.values()[0] = -most;
  return matrix;
}

template <class Sum>
void expect_products(IntegerProduct& product, const Matrix<std::int32_t>& rows,
                     const Matrix<std::int32_t>& keys, std::int64_t columns) {
  constexpr Sum kUntouched = 123456789;
  Matrix<Sum> out(rows.rows(), keys.rows());
  std::ranges::fill(out.values(), kUntouched);
  product.multiply(rows.view(), columns, out.view());
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    for (std::int64_t j = 0; j < keys.rows(); ++j) {
      std::int64_t want = 0;
      for (std::size_t e = 0; e < rows.row(r).size(); ++e)
        want += std::int64_t{rows.row(r)[e]} * keys.row(j)[e];
      if (j >= columns) want = kUntouched;
      ASSERT_EQ(out.row(r)[static_cast<std::size_t>(j)], want)
          << "row " << r << " key " << j << " of " << columns << ", d " << keys.columns();
    }
  }
}

TEST(IntegerProductTest, EveryWidthAndShapeGivesTheExactProducts) {
  RandomStream random(3, "product");
  IntegerProduct product;  // one for all: storage left over from another shape must not show
  for (const auto& [name, row_max, key_max] : kMagnitudes) {
    SCOPED_TRACE(name);
    for (const std::int64_t d : {1, 2, 7, 8, 9, 20, 64, 67}) {
      for (const std::int64_t n : {1, 15, 16, 17, 31, 32, 33, 65}) {
        const auto keys = random_matrix(random, n, d, key_max);
        product.load(keys.view(), row_max);
        EXPECT_EQ(product.bound(), std::max(std::int64_t{1}, std::int64_t{row_max} * key_max) * d);
        const auto m = static_cast<std::int64_t>(1 + random.below(9));
        const auto rows = random_matrix(random, m, d, row_max);
        const auto columns =
            static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(n) + 1));
        for (const std::int64_t width : {n, columns}) {
          expect_products<std::int64_t>(product, rows, keys, width);
          if (product.bound() <= std::numeric_limits<std::int32_t>::max())
            expect_products<std::int32_t>(product, rows, keys, width);
        }
      }
    }
  }
}

TEST(IntegerProductTest, RowsMayStaySmallerThanTheBoundSays) {
  RandomStream random(4, "bound");
  const auto keys = random_matrix(random, 5, 12, 30);
  const auto rows = random_matrix(random, 4, 12, 2);
  IntegerProduct product;
  for (const std::int64_t row_max : {2, 100, 1000, 100'000}) {
    product.load(keys.view(), row_max);
    expect_products<std::int32_t>(product, rows, keys, 5);
  }
}

TEST(IntegerProductTest, AResultThatMayNotFitIsOurFault) {
  Matrix<std::int32_t> keys(1, 3);
  std::ranges::fill(keys.values(), 30'000);
  Matrix<std::int32_t> out(1, 1);
  IntegerProduct product;
  product.load(keys.view(), 23'860);
  EXPECT_EQ(product.bound(), 2'147'400'000);
  product.multiply(keys.view().slice(0, 0), 1, out.view());
  product.load(keys.view(), 23'861);
  EXPECT_EQ(product.bound(), 2'147'490'000);
  EXPECT_THROW(product.multiply(keys.view(), 1, out.view()), LogicFault);
}

TEST(MaxAbsTest, LooksAtBothSigns) {
  EXPECT_EQ(max_abs({}), 0);
  EXPECT_EQ(max_abs(std::vector<std::int32_t>{3, -7, 5}), 7);
  EXPECT_EQ(max_abs(std::vector<std::int32_t>{-3, 8'388'607}), 8'388'607);
}

}  // namespace
}  // namespace hdp
