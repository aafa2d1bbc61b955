// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <type_traits>

#include "prune/keep_blocks.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/prune/hdp_plan.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kBandRows = 8;  // rows multiplied at a time, at least

template <class Sum>
Sum magnitude(Sum value) {
  return value < 0 ? -value : value;
}

/// Adds the importance of row `s` to the sums by key.
template <class Sum>
void add_row(Importance importance, const Sum* s, std::int64_t visible, Sum* column_sums) {
  if (importance == Importance::Absolute) {
    for (std::int64_t j = 0; j < visible; ++j) column_sums[j] += magnitude(s[j]);
  } else {
    for (std::int64_t j = 0; j < visible; ++j) column_sums[j] += s[j];
  }
}

/// Sums of `b` neighbouring columns.
template <class Sum>
void add_columns(const Sum* column_sums, std::int64_t blocks, std::int64_t b, Sum* theta) {
  if (b == 2) {
    for (std::int64_t j = 0; j < blocks; ++j)
      theta[j] = column_sums[2 * j] + column_sums[2 * j + 1];
    return;
  }
  for (std::int64_t j = 0; j < blocks; ++j) {
    Sum sum = 0;
    for (std::int64_t c = 0; c < b; ++c) sum += column_sums[j * b + c];
    theta[j] = sum;
  }
}

/// Exact or refused: sums of integer scores that leave 64 bits are the format's fault.
void check_sums_fit(std::int64_t bound, const Problem& problem, std::int64_t block_size) {
  const Int128 largest = Int128{bound} * problem.queries * problem.keys;
  const Int128 in_threshold = Int128{bound} * block_size * problem.keys;
  if (std::max(largest, in_threshold) > INT64_MAX)
    throw UserError({.path = "/prune/fraction_bits",
                     .problem = "integer scores of so many entries may not add up in 64 bits",
                     .unit = "bits",
                     .allowed = "more fraction bits, or a smaller /prune/word_bits"});
}

/// Kept, allowed entries of one query.
std::int64_t kept_in_row(const HdpPlan& plan, std::int64_t i, std::int64_t visible) {
  const std::int64_t b = plan.block_size;
  const std::int64_t whole = visible / b;
  std::int64_t kept = 0;
  plan.mask.for_each(i, [&](std::int64_t j) {
    kept += j < whole ? b : std::max<std::int64_t>(0, visible - j * b);
  });
  return kept;
}

/// floor(tau * entries), cut where it is beyond every theta_head and soon beyond 64 bits.
std::int64_t head_limit(double tau, std::int64_t entries) {
  return static_cast<std::int64_t>(
      std::min(std::floor(tau * static_cast<double>(entries)), 0x1p62));
}

}  // namespace

HdpPlanner::HdpPlanner(const HdpSettings& settings)
    : settings_(settings),
      ratio_(static_cast<std::int64_t>(std::nearbyint(256 * std::abs(settings.rho)))) {}

void HdpPlanner::load(MatrixView<const std::int32_t> q_int, MatrixView<const std::int32_t> k_int) {
  HDP_CHECK(q_int.columns() == k_int.columns(), "queries and keys of one size");
  q_int_ = q_int;
  product_.load(k_int, max_abs(q_int.values()));
}

void HdpPlanner::plan(const Problem& problem, HdpPlan& plan, HdpPlanDetail* detail) {
  const std::int64_t b = settings_.block_size;
  const std::int64_t rows = ceil_div(problem.queries, b);
  const std::int64_t columns = ceil_div(problem.keys, b);
  check_sums_fit(product_.bound(), problem, b);
  plan.problem = problem;
  plan.block_size = b;
  plan.theta_head = plan.blocks_existing = plan.blocks_pruned = 0;
  plan.wide_rows = plan.flat_rows = 0;
  plan.kept_entries = plan.empty_rows = 0;
  plan.mask.resize(rows, columns);
  plan.ranked.clear();
  plan.theta_rows.assign(static_cast<std::size_t>(rows), 0);
  if (detail != nullptr) {
    detail->theta.resize(rows, columns);
    std::ranges::fill(detail->theta.values(), 0);
    detail->s_int_sum = detail->s_int_sum_squares = 0;
  }
  if (Int128{product_.bound()} * std::min(b, problem.queries) * b <= INT32_MAX)
    plan_with(narrow_, plan, detail);
  else
    plan_with(wide_, plan, detail);
  plan.head_limit.reset();
  if (settings_.tau >= 0) plan.head_limit = head_limit(settings_.tau, problem.entries());
  plan.head_kept = !plan.head_limit || plan.theta_head > *plan.head_limit;
}

template <class Sum>
void HdpPlanner::plan_with(Scratch<Sum>& scratch, HdpPlan& plan, HdpPlanDetail* detail) {
  const Problem& problem = plan.problem;
  const std::int64_t b = settings_.block_size;
  const std::int64_t band = b * ceil_div(kBandRows, b);
  scratch.s.resize(std::min(band, problem.queries), problem.keys);
  scratch.column_sums.resize(static_cast<std::size_t>(ceil_div(problem.keys, b) * b));
  scratch.theta.resize(static_cast<std::size_t>(ceil_div(problem.keys, b)));
  for (std::int64_t top = 0; top < problem.queries; top += band) {
    const std::int64_t height = std::min(band, problem.queries - top);
    product_.multiply(q_int_.slice(problem.first_query + top, height),
                      problem.visible(top + height - 1), scratch.s.view().slice(0, height));
    for (std::int64_t row = 0; row < height; row += b)
      row_block(scratch, (top + row) / b, row, plan, detail);
  }
}

template <class Sum>
void HdpPlanner::row_block(Scratch<Sum>& scratch, std::int64_t i, std::int64_t row_in_band,
                           HdpPlan& plan, HdpPlanDetail* detail) {
  const Problem& problem = plan.problem;
  const std::int64_t b = settings_.block_size;
  const std::int64_t first = i * b;
  const std::int64_t height = std::min(b, problem.queries - first);
  const std::int64_t blocks = ceil_div(problem.visible(first + height - 1), b);
  const bool magnitudes = settings_.importance == Importance::Absolute;

  std::ranges::fill(scratch.column_sums, Sum{0});
  std::int64_t absolute = 0;
  for (std::int64_t r = 0; r < height; ++r) {
    const Sum* const s = scratch.s.row(row_in_band + r).data();
    const std::int64_t visible = problem.visible(first + r);
    add_row(settings_.importance, s, visible, scratch.column_sums.data());
    if (!magnitudes)
      for (std::int64_t j = 0; j < visible; ++j) absolute += magnitude(s[j]);
    if (detail != nullptr) {
      for (std::int64_t j = 0; j < visible; ++j) {
        detail->s_int_sum += s[j];
        detail->s_int_sum_squares += Int128{s[j]} * s[j];
      }
    }
  }
  add_columns(scratch.column_sums.data(), blocks, b, scratch.theta.data());
  const auto theta = std::span<const Sum>(scratch.theta).first(static_cast<std::size_t>(blocks));
  const RowStatistics row = statistics_of(theta);
  std::int64_t kept = 0;
  if (settings_.rule == PruneRule::TopK) {
    kept = keep_largest(theta, settings_.kept_of(blocks), scratch.order, plan.mask.words(i));
    plan.ranked.add_row(theta);
  } else {
    kept = keep_above(theta, row, settings_.rho, ratio_, plan.mask.words(i));
  }
  if (magnitudes) absolute = row.sum;
  plan.theta_rows[static_cast<std::size_t>(i)] = absolute;
  plan.theta_head += absolute;
  plan.blocks_existing += blocks;
  plan.blocks_pruned += blocks - kept;
  plan.wide_rows += static_cast<std::int64_t>(blocks > 1);
  plan.flat_rows += static_cast<std::int64_t>(blocks > 1 && row.minimum == row.maximum);
  if (detail != nullptr) std::ranges::copy(theta, detail->theta.row(i).begin());
  for (std::int64_t r = 0; r < height; ++r) {
    const std::int64_t entries = kept_in_row(plan, i, problem.visible(first + r));
    plan.kept_entries += entries;
    plan.empty_rows += static_cast<std::int64_t>(entries == 0);
  }
}

}  // namespace hdp
