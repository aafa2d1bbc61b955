// SPDX-License-Identifier: Apache-2.0
#include "study/calibrate/turn.hpp"

#include <optional>

#include <hdp/study/measures.hpp>

namespace hdp {

Turned Turning::turn(std::size_t knob, std::size_t target) {
  if (layers_ > 0)
    return knobs_[knob].cascades ? turn_in_order(knob, target) : turn_each(knob, target);
  const auto stands = steps_.find(knob);
  const KnobFound found =
      search_knob(goal_of(knob, target),
                  stands == steps_.end() ? std::nullopt : std::optional(stands->second.front()),
                  [&](std::int64_t step) { return with(knob, {step}).all[target]; });
  set(knob, {found.step});
  return {.found = {found}, .held = {false}};
}

/// Every layer by itself, all in the same plays.
Turned Turning::turn_each(std::size_t knob, std::size_t target) {
  Turned turned{
      .found = search_layers(goal_of(knob, target), layers_,
                             [&](std::span<const std::int64_t> steps) {
                               return with(knob, {steps.begin(), steps.end()}).layers[target];
                             }),
      .held = std::vector<bool>(layers_, false)};
  std::vector<std::int64_t> steps;
  for (const KnobFound& found : turned.found) steps.push_back(found.step);
  set(knob, std::move(steps));
  return turned;
}

/// What a layer leaves is all that the next one has: from the first to the last, while those behind
/// keep what is left.
Turned Turning::turn_in_order(std::size_t knob, std::size_t target) {
  const KnobGoal goal = goal_of(knob, target);
  const std::int64_t all = goal.prunes_upwards ? goal.first : goal.last;
  std::vector<std::int64_t> steps(layers_, all);
  Turned turned;
  const double first = with(knob, steps).layers[target].front();
  turned.found.push_back({.step = all, .value = first, .least = first, .most = first});
  turned.held.push_back(true);
  for (std::size_t layer = 1; layer < layers_; ++layer) {
    const KnobFound found = search_knob(goal, std::nullopt, [&](std::int64_t step) {
      steps[layer - 1] = step;
      return with(knob, steps).layers[target][layer];
    });
    steps[layer - 1] = found.step;
    turned.found.push_back(found);
    turned.held.push_back(!found.nearest() && found.step == all);
  }
  if (layers_ > 1) steps.back() = steps[layers_ - 2];
  set(knob, std::move(steps));
  return turned;
}

std::vector<std::string> Turning::changes_of(const Steps& steps) const {
  std::vector<std::string> all;
  for (const auto& [knob, at] : steps) {
    const std::vector<std::string> changes =
        layers_ == 0 ? knobs_[knob].changes(at.front()) : knobs_[knob].changes(at);
    all.insert(all.end(), changes.begin(), changes.end());
  }
  return all;
}

KnobGoal Turning::goal_of(std::size_t knob, std::size_t target) const {
  const Knob& turned = knobs_[knob];
  const KnobMove& move = *turned.move_of(targets_[target].key);
  return {.first = turned.scale.first,
          .last = turned.scale.last,
          .prunes_upwards = turned.prunes_upwards,
          .rises = turned.prunes_upwards == rises_with_pruning(move.key),
          .monotone = move.monotone,
          .target = targets_[target].value};
}

const Trials::Measures& Turning::with(std::size_t knob, std::vector<std::int64_t> steps) {
  Steps all = steps_;
  all[knob] = std::move(steps);
  return trials_.at(changes_of(all));
}

void Turning::set(std::size_t knob, std::vector<std::int64_t> steps) {
  std::vector<std::int64_t>& stands = steps_[knob];
  moved_ = moved_ || stands != steps;
  stands = std::move(steps);
}

}  // namespace hdp
