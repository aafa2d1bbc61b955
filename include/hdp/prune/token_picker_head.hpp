// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/numeric/integer_product.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/token_picker_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// One query head of a layer as scale-quantised codes, K in chunks.
class TokenPickerHead {
 public:
  /// UserError for codes that are wider than the settings say.
  TokenPickerHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                  const TokenPickerSettings& settings);

  /// Products of row `query` of Q with the first `tokens` keys, as they are known after each
  /// chunk: [chunks, tokens]. The last row are the scores.
  void partials(std::int64_t query, std::int64_t tokens, Matrix<std::int64_t>& out);
  [[nodiscard]] std::span<const std::int32_t> query(std::int64_t row) const { return q_.row(row); }
  /// What a score is worth before the softmax.
  [[nodiscard]] double sigma() const { return sigma_; }
  /// softmax(sigma * scores) over `survivors`, ascending, times V; 0 where there is none.
  void output(std::span<const std::int64_t> scores, std::span<const std::int32_t> survivors,
              std::span<double> out);

  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;

 private:
  Matrix<std::int32_t> q_, v_;
  std::vector<Matrix<std::int32_t>> known_;  ///< K after each chunk, unread bits 0.
  std::vector<IntegerProduct> products_;
  double sigma_ = 1, value_unit_ = 1;
  std::vector<std::int32_t> narrow_;
  std::vector<double> p_;
};

}  // namespace hdp
