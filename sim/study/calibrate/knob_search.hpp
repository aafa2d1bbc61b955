// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace hdp {

/// What a search looks for: a measure at `target`, over the steps from `first` to `last`.
struct KnobGoal {
  std::int64_t first = 0, last = 0;
  bool prunes_upwards = true;  ///< Of two steps as near, the one that prunes less is taken.
  bool rises = true;           ///< The measure, with the steps: always, or
  bool monotone = true;        ///< on the whole.
  double target = 0;
};

struct KnobFound {
  std::int64_t step = 0;
  double value = 0;                        ///< Of the measure there.
  std::optional<double> below{}, above{};  ///< Of it and the step beside it, around the target.
  double least = 0, most = 0;              ///< Of all that was seen.
  /// Whether no step is nearer; else the target is beyond what was seen.
  [[nodiscard]] bool nearest() const { return below.has_value(); }
};

/// Bisection on whole steps; where the ends do not lie around the target, and the measure may turn
/// back, its extremum is searched first. `from`: where to look first.
KnobFound search_knob(const KnobGoal& goal, std::optional<std::int64_t> from,
                      const std::function<double(std::int64_t)>& measure);

/// The same for every layer at once, where a layer's step moves its own measure alone.
std::vector<KnobFound> search_layers(
    const KnobGoal& goal, std::size_t layers,
    const std::function<std::vector<double>(std::span<const std::int64_t>)>& measures);

}  // namespace hdp
