// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <hdp/base/int128.hpp>
#include <hdp/numeric/integer_product.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/block_importances.hpp>
#include <hdp/prune/block_mask.hpp>
#include <hdp/prune/hdp_estimates.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// What HDP decides for one head of one problem: plain data, cheap to test and to print.
struct HdpPlan {
  Problem problem;
  std::int64_t block_size = 0;
  std::int64_t theta_head = 0;             ///< Sum of |S_int| over the allowed entries.
  std::optional<std::int64_t> head_limit;  ///< floor(tau * entries); nothing if tau < 0.
  bool head_kept = true;
  std::int64_t blocks_existing = 0;
  std::int64_t blocks_pruned = 0;
  std::int64_t wide_rows = 0;            ///< Rows of two blocks or more;
  std::int64_t flat_rows = 0;            ///< of them those whose importances are all equal.
  std::int64_t kept_entries = 0;         ///< Allowed entries in kept blocks.
  std::int64_t empty_rows = 0;           ///< Queries without a kept entry.
  BlockMask mask;                        ///< Of pruned heads too.
  std::vector<std::int64_t> theta_rows;  ///< Sum of |S_int| by row of blocks.
  BlockImportances ranked;               ///< What rule top_k ranks; empty with another rule.
  HdpEstimates estimates;                ///< Of kept entries; none without that stage, or the head.
  EstimateCounts estimate_counts;
};

/// Calls f(key) for the keys that query i of a plan keeps, in rising order.
template <class Visit>
void for_each_kept(const HdpPlan& plan, std::int64_t i, Visit f) {
  const std::int64_t visible = plan.problem.visible(i);
  plan.mask.for_each(i / plan.block_size, [&](std::int64_t block) {
    const std::int64_t end = std::min(visible, (block + 1) * plan.block_size);
    for (std::int64_t key = block * plan.block_size; key < end; ++key) f(key);
  });
}

/// Calls f(key) for those that are left of them behind the head decision and the estimates.
template <class Visit>
void for_each_left(const HdpPlan& plan, std::int64_t i, Visit f) {
  if (!plan.head_kept) return;
  if (plan.estimates.empty()) return for_each_kept(plan, i, f);
  auto fate = plan.estimates.row(i).begin();
  for_each_kept(plan, i, [&](std::int64_t key) {
    if ((fate++)->survives) f(key);
  });
}

/// What only a comparison of decisions wants to see.
struct HdpPlanDetail {
  Matrix<std::int64_t> theta;  ///< Block importances; 0 where no block exists.
  Int128 s_int_sum = 0;        ///< Over the allowed entries.
  Int128 s_int_sum_squares = 0;
};

/// Integer pass, row thresholds, masks and head decision (numerics: HDP, steps 1 to 4). Scratch is
/// kept between problems, so that a steady state allocates nothing.
class HdpPlanner {
 public:
  explicit HdpPlanner(const HdpSettings& settings);

  /// Integer planes of one head: queries [n_q, d] and keys [n_k, d]; both must outlive plan().
  void load(MatrixView<const std::int32_t> q_int, MatrixView<const std::int32_t> k_int);
  void plan(const Problem& problem, HdpPlan& plan, HdpPlanDetail* detail = nullptr);

 private:
  template <class Sum>
  struct Scratch {
    Matrix<Sum> s;                 ///< Integer scores of a band of rows.
    std::vector<Sum> column_sums;  ///< Importance by key, over the rows of a block.
    std::vector<Sum> theta;
    std::vector<Sum> order;  ///< Of a row's theta, as far as rule top_k needs it.
  };
  template <class Sum>
  void plan_with(Scratch<Sum>& scratch, HdpPlan& plan, HdpPlanDetail* detail);
  template <class Sum>
  void row_block(Scratch<Sum>& scratch, std::int64_t i, std::int64_t row_in_band, HdpPlan& plan,
                 HdpPlanDetail* detail);

  HdpSettings settings_;
  std::int64_t ratio_;  ///< rne(256 * |rho|)
  MatrixView<const std::int32_t> q_int_;
  IntegerProduct product_;
  Scratch<std::int32_t> narrow_;
  Scratch<std::int64_t> wide_;
};

}  // namespace hdp
