// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/probability_bound.hpp>
#include <hdp/prune/token_picker_record.hpp>
#include <hdp/prune/token_picker_settings.hpp>

namespace hdp {

/// Decides on one query after another in a reference order. Storage is kept.
class TokenPicker {
 public:
  explicit TokenPicker(const TokenPickerSettings& settings)
      : order_(settings.order), tokens_(settings.tokens), bound_(settings.rule) {}

  /// `partials` as TokenPickerHead makes them.
  void pick(std::span<const std::int32_t> query, double sigma,
            MatrixView<const std::int64_t> partials, TokenPickerQuery& result);

 private:
  ChunkOrder order_;
  TokenOrder tokens_;
  ProbabilityBound bound_;
  std::vector<std::int64_t> live_;
};

}  // namespace hdp
