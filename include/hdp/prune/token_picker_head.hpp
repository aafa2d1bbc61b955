// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/token_picker_settings.hpp>
#include <hdp/prune/value_codes.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// K and V of a stored head as scale-quantised codes, in words as narrow as they fit.
class KeyValueCodes {
 public:
  /// UserError for codes that are wider than the settings say.
  KeyValueCodes(const Trace& trace, std::int64_t layer, std::int64_t stored,
                const TokenPickerSettings& settings);

  /// query . k of the first `tokens` keys, as they are known after each chunk: [chunks, tokens].
  void partials(std::span<const std::int32_t> query, std::int64_t tokens,
                const ProbabilityRule& rule, Matrix<std::int64_t>& out) const;
  [[nodiscard]] const ValueCodes& values() const { return values_; }

  double key_unit = 1;
  std::int64_t key_saturated = 0;

 private:
  NarrowCodes k_;
  ValueCodes values_;
};

/// One query head of a layer as codes, with the K and V that it reads.
class TokenPickerHead {
 public:
  TokenPickerHead(const Trace& trace, std::int64_t layer, std::int64_t head,
                  const TokenPickerSettings& settings,
                  std::shared_ptr<const KeyValueCodes> key_values);

  /// Products of row `query` of Q with the first `tokens` keys after each chunk; the last row are
  /// the scores.
  void partials(std::int64_t query, std::int64_t tokens, Matrix<std::int64_t>& out) const {
    key_values_->partials(q_.row(query), tokens, rule_, out);
  }
  [[nodiscard]] std::span<const std::int32_t> query(std::int64_t row) const { return q_.row(row); }
  /// What a score is worth before the softmax.
  [[nodiscard]] double sigma() const { return sigma_; }
  /// softmax(sigma * scores) over `survivors`, ascending, times V; 0 where there is none.
  void output(std::span<const std::int64_t> scores, std::span<const std::int32_t> survivors,
              std::span<double> out) const {
    key_values_->values().attend(sigma_, scores, survivors, out);
  }

  [[nodiscard]] std::int64_t query_saturated() const { return saturated_; }
  [[nodiscard]] const KeyValueCodes& key_values() const { return *key_values_; }

 private:
  ProbabilityRule rule_;
  Matrix<std::int32_t> q_;
  std::shared_ptr<const KeyValueCodes> key_values_;
  double sigma_ = 1;
  std::int64_t saturated_ = 0;
};

}  // namespace hdp
