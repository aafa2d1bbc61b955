// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "machine/prices.hpp"
#include <hdp/numeric/fixed_point.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp {

/// Energy of a product on a PE and of adding it up.
struct ProductPrice {
  double multiply_pj = 0;
  double add_pj = 0;
  double operands_pj = 0;  ///< Beyond the two words that a whole product takes in.
};

/// A product of `a` x `b` bits on a PE of a precision (sim/machine/energy.md).
ProductPrice price_of_product(const Prices& prices, Precision precision, OperandWidths widths,
                              double a, double b, double accumulator_bits);

/// A PE of a precision that works at its rate with each of these formats of Q and K, by its parts:
/// of each as much as the format that needs most.
std::vector<CostItem> area_of_pe(const Prices& prices, Precision precision,
                                 std::span<const FixedPoint> served);

}  // namespace hdp
