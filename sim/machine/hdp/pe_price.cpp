// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/pe_price.hpp"

#include <algorithm>
#include <cmath>

#include <hdp/base/check.hpp>

namespace hdp {
namespace {

/// The narrow multipliers of a `split` PE, of integer plane x integer plane, that make a product.
double narrow_multipliers(double narrow, double a, double b) {
  return std::ceil(a / narrow) * std::ceil(b / narrow);
}

/// A product is put together from narrow ones; as many products as find multipliers are added up in
/// a tree, and their sum once to the accumulator.
ProductPrice price_of_split(const Prices& prices, double word, double narrow, double a, double b,
                            double accumulator_bits) {
  const double parts = narrow_multipliers(narrow, a, b);
  const double products = std::max(1.0, std::floor(narrow_multipliers(narrow, word, word) / parts));
  const double levels = std::ceil(std::log2(products));
  return {parts * prices.multiply(narrow, narrow),
          (parts - 1) * prices.add(a + b) + (products - 1) / products * prices.add(a + b + levels) +
              prices.add(accumulator_bits) / products,
          prices.store(std::max(0.0, a + b - 2 * word / products))};
}

/// A PE for operands of these widths only.
std::vector<CostItem> area_for(const Prices& prices, Precision precision, OperandWidths widths) {
  const auto word = static_cast<double>(widths.word_bits);
  const auto narrow = static_cast<double>(widths.integer_bits);
  const double accumulator = prices.add_area(kValueAccumulatorBits);
  const double whole = prices.multiply_area(word, word);
  switch (precision) {
    case Precision::Uniform:
      return {{"multipliers", whole}, {"adders", accumulator}};
    case Precision::Fused:
      return {{"multipliers", whole + prices.multiply_area(narrow, word - narrow)},
              {"adders", accumulator + prices.add_area(kScoreAccumulatorBits)}};
    case Precision::Split:
      break;
  }
  const double count = narrow_multipliers(narrow, word, word);
  return {{"multipliers", count * prices.multiply_area(narrow, narrow)},
          {"adders", (count - 1) * prices.add_area(2 * word) + accumulator},
          {"operand_ports", prices.store_area(2 * narrow * count - 2 * word)}};
}

}  // namespace

ProductPrice price_of_product(const Prices& prices, Precision precision, OperandWidths widths,
                              double a, double b, double accumulator_bits) {
  const auto word = static_cast<double>(widths.word_bits);
  if (a == 0 || b == 0) return {};  // an empty plane has no products
  if (precision == Precision::Split)
    return price_of_split(prices, word, static_cast<double>(widths.integer_bits), a, b,
                          accumulator_bits);
  const bool whole = precision == Precision::Uniform;
  return {whole ? prices.multiply(word, word) : prices.multiply(a, b), prices.add(accumulator_bits),
          0};
}

std::vector<CostItem> area_of_pe(const Prices& prices, Precision precision,
                                 std::span<const FixedPoint> served) {
  HDP_CHECK(!served.empty(), "a PE serves operands");
  std::vector<CostItem> largest;
  for (const FixedPoint& format : served) {
    const std::vector<CostItem> parts =
        area_for(prices, precision, {format.word_bits, format.integer_bits()});
    if (largest.empty()) largest = parts;
    for (std::size_t i = 0; i < parts.size(); ++i)
      largest[i].value = std::max(largest[i].value, parts[i].value);
  }
  return largest;
}

}  // namespace hdp
