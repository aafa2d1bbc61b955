// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "prune/spatten_head.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/prune/spatten_decisions.hpp>
#include <hdp/prune/token_cascade.hpp>

namespace hdp {

/// Takes down what one head does, row by row, in the order of the queries.
class SpattenHeadRecord {
 public:
  SpattenHeadRecord(const Trace& trace, std::int64_t layer, std::int64_t head);

  void count_saturated(const SpattenHead& head);
  void begin_problem(bool live);
  void skip_row();
  void add_row(std::int64_t query, std::span<const std::int32_t> keys, const SpattenQuery& row);
  /// Sum of |out| over the rows of this problem.
  [[nodiscard]] std::int64_t problem_out_abs_sum() const { return problem_out_abs_sum_; }
  /// Everything, with the error against dense attention.
  SpattenHeadDecisions finish(const Trace& trace, std::int64_t layer,
                              const std::vector<Problem>& problems);

 private:
  SpattenHeadDecisions result_;
  BitMatrix lsb_rows_, values_kept_;
  Sha256 p_digest_, out_digest_;
  std::vector<std::int64_t> p_row_, out_row_;
  std::vector<bool> used_;
  std::vector<bool> computed_;  ///< By query.
  Matrix<double> out_;
  std::int64_t problem_out_abs_sum_ = 0;
};

/// Takes down what happens in one layer.
class SpattenLayerRecord {
 public:
  SpattenLayerRecord(const Trace& trace, std::int64_t layer, std::int64_t problems);

  SpattenHeadRecord& head(std::int64_t head) { return heads_[static_cast<std::size_t>(head)]; }
  void add_ranking(const std::vector<std::int32_t>& live, const Ranking& kept,
                   std::span<const std::int64_t> importance, const Ranking& heads,
                   const std::vector<std::int64_t>& head_importance);
  SpattenLayerDecisions finish(const Trace& trace, const std::vector<Problem>& problems,
                               unsigned threads);

 private:
  SpattenLayerDecisions result_;
  std::deque<SpattenHeadRecord> heads_;
  BitMatrix live_, kept_;
  Sha256 importance_digest_;
};

}  // namespace hdp
