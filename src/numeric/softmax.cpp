// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>

#include "numeric/vector_width.hpp"
#include <hdp/numeric/exponential.hpp>
#include <hdp/numeric/softmax.hpp>

namespace hdp {
namespace {

constexpr std::size_t kSums = 8;  // independent partial sums, in a fixed order

[[gnu::always_inline]] inline void exponentials_of(double* p, std::size_t count, double top) {
  for (std::size_t i = 0; i < count; ++i) p[i] = exponential(p[i] - top);
}

void exponentials(double* p, std::size_t count, double top) { exponentials_of(p, count, top); }

HDP_TARGET_AVX2 void exponentials_avx2(double* p, std::size_t count, double top) {
  exponentials_of(p, count, top);
}

double ordered_sum(std::span<const double> values) {
  double partial[kSums] = {};
  const std::size_t whole = values.size() / kSums * kSums;
  for (std::size_t i = 0; i < whole; i += kSums)
    for (std::size_t lane = 0; lane < kSums; ++lane) partial[lane] += values[i + lane];
  for (std::size_t i = whole; i < values.size(); ++i) partial[i - whole] += values[i];
  double sum = 0;
  for (const double p : partial) sum += p;
  return sum;
}

double largest(std::span<const double> values) {
  double most[kSums];
  std::fill_n(most, kSums, values[0]);
  const std::size_t whole = values.size() / kSums * kSums;
  for (std::size_t i = 0; i < whole; i += kSums)
    for (std::size_t lane = 0; lane < kSums; ++lane)
      most[lane] = values[i + lane] > most[lane] ? values[i + lane] : most[lane];
  for (std::size_t i = whole; i < values.size(); ++i) most[0] = std::max(most[0], values[i]);
  return *std::max_element(most, most + kSums);
}

}  // namespace

void softmax(std::span<double> row) {
  if (row.empty()) return;
  const double top = largest(row);
  double* const p = row.data();
  (vector_width() == VectorWidth::Avx2 ? exponentials_avx2 : exponentials)(p, row.size(), top);
  const double inverse = 1.0 / ordered_sum(row);
  for (std::size_t i = 0; i < row.size(); ++i) p[i] *= inverse;
}

}  // namespace hdp
