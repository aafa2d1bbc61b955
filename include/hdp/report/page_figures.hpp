// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <hdp/base/facts.hpp>

namespace hdp {

/// The points that no other beats: none is as good in both and better in one. Less is better. By
/// rising cost, then by number; a point that lacks either value is in no front.
std::vector<std::size_t> pareto_front(std::span<const std::optional<double>> cost,
                                      std::span<const std::optional<double>> error);

/// How far values lie apart. The median of an even number is the mean of the two in the middle.
struct Spread {
  std::size_t count = 0;
  double least = 0, median = 0, most = 0;
};
/// `values` must not be empty.
Spread spread_of(std::vector<double> values);

/// The values that a setting takes, in order, and which of them a point has.
struct AxisBins {
  std::vector<std::string> labels;
  std::vector<std::size_t> of_point;  ///< Index of its label.
};
/// Numbers rise; if any value is none, all stand as they come first. More than `most` different
/// numbers are put into ranges ("0.1 ... 0.2") that hold as many points each as can be.
AxisBins bins_of(std::span<const Fact> values, std::size_t most = 16);

}  // namespace hdp
