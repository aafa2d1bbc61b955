// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/base/digest.hpp>
#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/prune/token_picker_decisions.hpp>
#include <hdp/prune/token_picker_head.hpp>

namespace hdp {

/// What became of the tokens of one query.
struct TokenPickerQuery {
  std::vector<std::int64_t> chunks;     ///< Read, by token.
  std::vector<std::int32_t> survivors;  ///< Ascending.
  std::int64_t near_ties = 0;
};

/// Takes down what one head does, query by query, in their order.
class TokenPickerRecord {
 public:
  /// `fidelity`: outputs are computed, and compared with dense attention.
  TokenPickerRecord(const Trace& trace, std::int64_t layer, std::int64_t head,
                    const TokenPickerSettings& settings, bool fidelity);

  void count_saturated(const TokenPickerHead& head);
  /// `scores` of all tokens that the query sees.
  void add(std::int64_t query, std::span<const std::int64_t> scores, const TokenPickerQuery& picked,
           const TokenPickerHead& head);
  /// The pairs that survive so far, [n_q, n_k].
  [[nodiscard]] const BitMatrix& survivors() const { return survivors_; }
  TokenPickerHeadDecisions finish(const Trace& trace, std::span<const Problem> problems);

 private:
  std::int64_t layer_;
  double threshold_;
  bool fidelity_;
  TokenPickerHeadDecisions result_;
  BitMatrix survivors_;
  Sha256 fetched_digest_;
  std::vector<std::int64_t> fetched_row_;
  std::vector<bool> computed_;
  std::vector<double> p_;
  Matrix<double> out_;  ///< Empty without fidelity.
};

}  // namespace hdp
