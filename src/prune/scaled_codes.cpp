// SPDX-License-Identifier: Apache-2.0
#include "prune/scaled_codes.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/numeric/fixed_point.hpp>
#include <hdp/numeric/scale_quantisation.hpp>

namespace hdp {

ScaledCodes scaled_codes(const Trace& trace, std::int64_t layer, TensorKind kind,
                         std::int64_t stored, std::int64_t bits, std::optional<double> scale) {
  const LayerShape& shape = trace.shape(layer);
  ScaledCodes result;
  result.codes.resize(shape.rows(kind), shape.d);
  std::vector<double> values(result.codes.values().size());
  trace.read_head(layer, kind, stored, values);
  if (const auto unit = trace.scale(layer, kind)) {
    const std::int32_t limit = FixedPoint{bits, 0}.limit();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::abs(values[i]) > limit)
        throw UserError(
            {.path = fmt::format("{}: {}", trace.name(), tensor_name(layer, kind)),
             .problem = fmt::format("code {} is outside the symmetric range", values[i]),
             .allowed = fmt::format("-{0} to {0} in {1} bits", limit, bits)});
      result.codes.values()[i] = static_cast<std::int32_t>(values[i]);
    }
    result.unit = *unit;
    return result;
  }
  result.unit = scale ? *scale : scale_of(values, bits);
  result.saturated = quantise_scaled(values, result.unit, bits, result.codes.values());
  return result;
}

}  // namespace hdp
