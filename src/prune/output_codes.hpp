// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/numeric/fixed_point.hpp>

namespace hdp {

constexpr double kProbabilityOne = 65'536;   ///< The code of a probability of 1.
constexpr FixedPoint kOutputFormat{16, 12};  ///< Of the outputs of a cascade.

}  // namespace hdp
