// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <hdp/machine/knob.hpp>
#include <hdp/machine/token_picker/kind.hpp>

namespace hdp {

/// What is given up hangs on the order of arrival, so nothing follows the threshold without fail,
/// and the memory has a say.
Knobs knobs_of(const TokenPickerConfig& config) {
  if (!config.prune.estimation) return {};
  Knob threshold{
      .parts = {{.path = "prune.threshold"}},
      .scale = magnitudes(-9, 0),
      .prunes_upwards = true,
      .moves = {{"prune_ratio", false}, {"mass_kept", false}, {"relative_frobenius", false}}};
  threshold.scale.first = 1;  // above 0
  if (!config.prune.value_pruning) threshold.moves.erase(threshold.moves.begin());
  return {.one = {std::move(threshold)}, .by_layer = {}, .sooner = {}};
}

}  // namespace hdp
