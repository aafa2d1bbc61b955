// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include <hdp/numeric/matrix.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// A stored head as codes: value = code * unit.
struct ScaledCodes {
  Matrix<std::int32_t> codes;
  double unit = 1;
  std::int64_t saturated = 0;
};

/// A stored head as codes of `bits` bits: quantised by `scale`, or by its largest value, or taken
/// as they are where the trace holds integers; UserError for one outside the symmetric range.
ScaledCodes scaled_codes(const Trace& trace, std::int64_t layer, TensorKind kind,
                         std::int64_t stored, std::int64_t bits, std::optional<double> scale);

}  // namespace hdp
