// SPDX-License-Identifier: Apache-2.0
#include "machine/cascade_knob.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hdp {

Knob cascade_knob_by_layer(const std::string& place, std::vector<KnobMove> moves) {
  return {.parts = {{.path = place + ".keep"}},
          .scale = shares(),
          .prunes_upwards = false,
          .moves = std::move(moves),
          .form = KnobForm::Shares,
          .cascades = true};
}

Knob cascade_knob(const CascadeStage& stage, const std::string& place,
                  std::vector<KnobMove> moves) {
  Knob knob = cascade_knob_by_layer(place, std::move(moves));
  if (stage.keep != kLinearKeep) return knob;
  knob.form = KnobForm::Number;
  knob.parts.clear();
  // At a value of 1 nothing goes, at 0 everything at the end that loses more, below it more and
  // more at the other, too.
  constexpr double kLeastSlope = 0.01;
  const double most = 1 - std::min(stage.first, stage.last);
  double flattest = 1;
  const auto add = [&](const char* setting, double share) {
    const double slope = most > 0 ? (1 - share) / most : 1;
    if (slope < kLeastSlope) return;
    knob.parts.push_back(
        {.path = place + setting, .at_zero = 1 - slope, .slope = slope, .least = 0, .most = 1});
    flattest = std::min(flattest, slope);
  };
  add(".first", stage.first);
  add(".last", stage.last);
  const double empty = 1 - 1 / flattest;  // the value at which the other end is
  knob.scale.first = std::llround(empty * static_cast<double>(knob.scale.per_unit));
  return knob;
}

}  // namespace hdp
