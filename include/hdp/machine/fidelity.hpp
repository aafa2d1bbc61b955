// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/numeric/error_measure.hpp>

namespace hdp {

/// Output error over some heads beside dense attention in double: over the concatenated outputs,
/// and the mean of the probability mass that the heads keep.
struct Fidelity {
  ErrorMeasure error;
  double mass_sum = 0;
  std::int64_t heads = 0;

  [[nodiscard]] double mass_kept() const { return mass_sum / static_cast<double>(heads); }
  void add(const Fidelity& other) {
    error.add(other.error);
    mass_sum += other.mass_sum;
    heads += other.heads;
  }
};

}  // namespace hdp
