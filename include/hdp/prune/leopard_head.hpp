// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/bit_serial_keys.hpp>
#include <hdp/prune/leopard_settings.hpp>
#include <hdp/prune/value_codes.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// K and V of a stored head as scale-quantised codes. UserError for codes that are wider than the
/// settings say.
class LeopardStored {
 public:
  LeopardStored(const Trace& trace, std::int64_t layer, std::int64_t stored,
                const LeopardSettings& settings);
  [[nodiscard]] const BitSerialKeys& keys() const { return *keys_; }
  [[nodiscard]] const ValueCodes& values() const { return values_; }
  [[nodiscard]] double key_unit() const { return key_unit_; }
  [[nodiscard]] std::int64_t key_saturated() const { return key_saturated_; }

 private:
  std::unique_ptr<const BitSerialKeys> keys_;
  ValueCodes values_;
  double key_unit_ = 1;
  std::int64_t key_saturated_ = 0;
};

/// One query head of a layer as codes, with the K and V that it reads.
class LeopardHead {
 public:
  LeopardHead(const Trace& trace, std::int64_t layer, std::int64_t head,
              const LeopardSettings& settings, std::shared_ptr<const LeopardStored> stored);

  /// Row `query` of Q against the first `keys` keys.
  void decide(std::int64_t query, std::int64_t keys, std::int64_t threshold,
              BitSerialQuery& result) const {
    stored_->keys().decide(q_.row(query), keys, threshold, result);
  }
  /// softmax over the survivors, times V; 0 where there is none.
  void output(const BitSerialQuery& decided, std::span<double> out) const {
    stored_->values().attend(sigma_, decided.scores, decided.survivors, out);
  }
  /// Scores of row `query` with the first keys.
  void scores(std::int64_t query, std::span<std::int64_t> out) const {
    stored_->keys().scores(q_.row(query), out);
  }
  /// What a unit of a score is worth.
  [[nodiscard]] double unit() const { return unit_; }
  [[nodiscard]] std::int64_t query_saturated() const { return saturated_; }
  [[nodiscard]] const LeopardStored& stored() const { return *stored_; }

 private:
  std::shared_ptr<const LeopardStored> stored_;
  Matrix<std::int32_t> q_;
  double unit_ = 1, sigma_ = 1;  ///< sigma: before the softmax.
  std::int64_t saturated_ = 0;
};

}  // namespace hdp
