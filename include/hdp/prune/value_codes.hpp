// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/code_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Codes in words as narrow as they fit.
using NarrowCodes = std::variant<Matrix<std::int16_t>, Matrix<std::int32_t>>;
NarrowCodes narrowed(Matrix<std::int32_t> codes, std::int64_t bits);

/// V of a stored head as scale-quantised codes.
class ValueCodes {
 public:
  /// UserError for codes that are wider than the settings say.
  ValueCodes(const Trace& trace, std::int64_t layer, std::int64_t stored,
             const CodeSettings& settings);

  /// softmax(sigma * scores) over `survivors`, ascending, times V; 0 where there is none. `scores`
  /// by token.
  void attend(double sigma, std::span<const std::int64_t> scores,
              std::span<const std::int32_t> survivors, std::span<double> out) const;
  [[nodiscard]] std::int64_t saturated() const { return saturated_; }

 private:
  NarrowCodes codes_;
  double unit_ = 1;
  std::int64_t saturated_ = 0;
};

}  // namespace hdp
