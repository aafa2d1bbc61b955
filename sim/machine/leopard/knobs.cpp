// SPDX-License-Identifier: Apache-2.0
#include <hdp/machine/knob.hpp>
#include <hdp/machine/leopard/kind.hpp>

namespace hdp {
namespace {

constexpr int kLowest = -3, kHighest = 9;  // decades of thresholds

std::vector<KnobMove> moves() {
  return {{"prune_ratio", true}, {"mass_kept", true}, {"relative_frobenius", false}};
}

Knob threshold_knob() {
  Knob knob{.parts = {{.path = "prune.threshold"}},
            .scale = magnitudes(kLowest, kHighest),
            .prunes_upwards = true,
            .moves = moves(),
            .form = KnobForm::List};
  knob.scale.first = -knob.scale.last;
  return knob;
}

/// The share of pairs that goes, where thresholds follow from it.
Knob share_knob() {
  Knob knob{.parts = {{.path = "prune.calibrate"}},
            .scale = shares(),
            .prunes_upwards = true,
            .moves = moves()};
  --knob.scale.last;  // below 1
  return knob;
}

}  // namespace

Knobs knobs_of(const LeopardConfig& config) {
  if (!config.prune.pruning) return {};
  return {.one = {config.prune.threshold.empty() ? share_knob() : threshold_knob()},
          .by_layer = {threshold_knob()},
          .sooner = {"memory.model=ideal"}};
}

}  // namespace hdp
