// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "prune/scaled_codes.hpp"
#include <hdp/numeric/softmax.hpp>
#include <hdp/prune/value_codes.hpp>

namespace hdp {

NarrowCodes narrowed(Matrix<std::int32_t> codes, std::int64_t bits) {
  constexpr std::int64_t kNarrow = 16;
  if (bits > kNarrow) return codes;
  Matrix<std::int16_t> narrow(codes.rows(), codes.columns());
  std::ranges::transform(codes.values(), narrow.values().begin(),
                         [](std::int32_t code) { return static_cast<std::int16_t>(code); });
  return narrow;
}

ValueCodes::ValueCodes(const Trace& trace, std::int64_t layer, std::int64_t stored,
                       const CodeSettings& settings) {
  ScaledCodes v =
      scaled_codes(trace, layer, TensorKind::V, stored, settings.v_bits, settings.v_scale);
  unit_ = v.unit;
  saturated_ = v.saturated;
  codes_ = narrowed(std::move(v.codes), settings.v_bits);
}

void ValueCodes::attend(double sigma, std::span<const std::int64_t> scores,
                        std::span<const std::int32_t> survivors, std::span<double> out) const {
  std::vector<double> p;
  p.reserve(survivors.size());
  for (const std::int32_t token : survivors)
    p.push_back(sigma * static_cast<double>(scores[static_cast<std::size_t>(token)]));
  softmax(p);
  std::ranges::fill(out, 0.0);
  std::visit(
      [&](const auto& values) {
        for (std::size_t i = 0; i < survivors.size(); ++i) {
          const auto row = values.row(survivors[i]);
          for (std::size_t x = 0; x < out.size(); ++x) out[x] += p[i] * row[x];
        }
      },
      codes_);
  for (double& x : out) x *= unit_;
}

}  // namespace hdp
