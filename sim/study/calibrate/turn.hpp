// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "study/calibrate/knob_search.hpp"
#include "study/calibrate/trials.hpp"
#include <hdp/machine/knob.hpp>
#include <hdp/study/calibrate.hpp>

namespace hdp {

/// What the last turn for a target found: one, or one a layer.
struct Turned {
  std::vector<KnobFound> found;
  std::vector<bool> held;  ///< By layer: nothing that the knob could do there.
};

/// Knobs, and where they stand: untouched at first. With `layers`, each has a value a layer.
class Turning {
 public:
  Turning(const std::vector<Knob>& knobs, Trials& trials, std::span<const Target> targets,
          std::size_t layers)
      : knobs_(knobs), trials_(trials), targets_(targets), layers_(layers) {}

  /// Turns a knob to a target, the others as they stand.
  Turned turn(std::size_t knob, std::size_t target);
  /// What is set.
  [[nodiscard]] std::vector<std::string> changes() const { return changes_of(steps_); }
  /// Whether a turn has moved a knob since the last time that this was asked.
  bool moved() { return std::exchange(moved_, false); }

 private:
  using Steps = std::map<std::size_t, std::vector<std::int64_t>>;  // by knob: one, or one a layer

  [[nodiscard]] std::vector<std::string> changes_of(const Steps& steps) const;
  [[nodiscard]] KnobGoal goal_of(std::size_t knob, std::size_t target) const;
  const Trials::Measures& with(std::size_t knob, std::vector<std::int64_t> steps);
  Turned turn_each(std::size_t knob, std::size_t target);
  Turned turn_in_order(std::size_t knob, std::size_t target);
  void set(std::size_t knob, std::vector<std::int64_t> steps);

  const std::vector<Knob>& knobs_;
  Trials& trials_;
  std::span<const Target> targets_;
  std::size_t layers_;
  Steps steps_;
  bool moved_ = false;
};

}  // namespace hdp
