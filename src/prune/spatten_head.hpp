// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <hdp/numeric/integer_product.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/spatten_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What SpAtten computes for one query of one head, over the keys that are live and visible to it.
struct SpattenQuery {
  bool fetched_lsb = false;
  std::vector<std::int64_t> scores;  ///< As used in the end; one a key, as `codes`.
  std::vector<std::int64_t> codes;   ///< Of the probabilities, 0 .. 65536.
  std::vector<std::int32_t> kept;    ///< Keys whose V row is read, ascending.
  std::vector<std::int32_t> out;     ///< Codes in {16, 12}.
  std::vector<double> out_values;    ///< Before they became codes.
  std::int64_t out_saturated = 0;
  std::int64_t near_ties = 0;  ///< Codes that a double computation could round the other way.
};

/// K and V of a stored head of a layer in scale-quantised codes, for the query heads that share
/// them, one at a time.
struct SpattenStored {
  SpattenStored(const Trace& trace, std::int64_t layer, std::int64_t kv_head,
                const SpattenSettings& settings);
  SpattenStored(const SpattenStored&) = delete;
  SpattenStored& operator=(const SpattenStored&) = delete;

  double k_unit = 1, v_unit = 1;  ///< What a unit of a code is worth.
  std::int64_t k_saturated = 0, v_saturated = 0;
  Matrix<std::int32_t> k, k_msb, v;  ///< k_msb: only with progressive quantisation.
  IntegerProduct full, msb;
};

/// One query head of a layer in scale-quantised codes.
class SpattenHead {
 public:
  SpattenHead(const Trace& trace, std::int64_t layer, std::int64_t head,
              const SpattenSettings& settings, std::shared_ptr<SpattenStored> stored);

  /// Row `query` of Q against `keys`, ascending and not empty.
  void row(std::int64_t query, std::span<const std::int32_t> keys, SpattenQuery& result);

  std::int64_t q_saturated = 0, k_saturated = 0, v_saturated = 0;

 private:
  void pass(IntegerProduct& product, std::int64_t query, std::span<const std::int32_t> keys,
            SpattenQuery& result);
  void keep_values(std::span<const std::int32_t> keys, SpattenQuery& result);
  void output(SpattenQuery& result);

  const SpattenSettings& settings_;
  std::shared_ptr<SpattenStored> stored_;
  double score_scale_ = 1;  ///< What a unit of a score is worth.
  Matrix<std::int32_t> q_;
  std::vector<std::int32_t> narrow_;
  std::vector<std::int64_t> wide_;
  std::vector<double> p_;
  std::vector<std::int64_t> by_key_;
  std::vector<std::int64_t> sums_;
};

}  // namespace hdp
