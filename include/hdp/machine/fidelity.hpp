// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hdp/numeric/error_measure.hpp>

namespace hdp {

/// The output error with this step and those before it, and nothing else.
struct ErrorCause {
  std::string name;
  ErrorMeasure error;
};

/// Output error over some heads beside dense attention in double: over the concatenated outputs,
/// and the mean of the probability mass that the heads keep.
struct Fidelity {
  ErrorMeasure error;
  double mass_sum = 0;
  std::int64_t heads = 0;
  std::vector<ErrorCause> causes{};  ///< In order, the last one is `error`; empty if not asked for.

  [[nodiscard]] double mass_kept() const { return mass_sum / static_cast<double>(heads); }
  /// `other` has the same causes, or this has added nothing yet.
  void add(const Fidelity& other) {
    error.add(other.error);
    mass_sum += other.mass_sum;
    heads += other.heads;
    for (std::size_t i = 0; i < other.causes.size(); ++i) {
      if (i == causes.size()) causes.push_back({other.causes[i].name, {}});
      causes[i].error.add(other.causes[i].error);
    }
  }
};

}  // namespace hdp
