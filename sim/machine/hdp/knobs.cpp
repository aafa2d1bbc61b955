// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "machine/cascade_knob.hpp"
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/knob.hpp>

namespace hdp {
namespace {

/// Which measures follow blocks and pairs without fail. A cascade ranks by what blocks leave, and
/// the probabilities that are estimated are those among kept entries.
std::vector<KnobMove> moves_of_blocks(const HdpConfig& config) {
  const bool blocks = !config.cascades(), pairs = blocks && !config.estimates();
  return {{"block_sparsity", blocks},
          {"net_sparsity", blocks},
          {"prune_ratio", pairs},
          {"mass_kept", pairs},
          {"relative_frobenius", false}};
}

/// rho has 256 steps on either side of the mean, all of which are told apart.
Knob threshold_knob(const HdpConfig& config) {
  constexpr std::int64_t kSteps = 256;
  return {.parts = {{.path = "prune.rho"}},
          .scale = {.first = -kSteps,
                    .last = kSteps,
                    .per_unit = kSteps,
                    .least = kNoBlock,
                    .most = -kNoBlock},
          .prunes_upwards = true,
          .moves = moves_of_blocks(config)};
}

Knob share_knob(const HdpConfig& config) {
  Knob knob{.parts = {{.path = "prune.keep"}},
            .scale = shares(),
            .prunes_upwards = false,
            .moves = moves_of_blocks(config)};
  knob.scale.first = 1;
  return knob;
}

/// Off, it is turned for the share of heads alone.
Knob head_knob(const HdpConfig& config) {
  Knob knob{.parts = {{.path = "prune.tau"}},
            .scale = magnitudes(-3, 12),
            .prunes_upwards = true,
            .moves = {{"head_sparsity", !config.cascades()}}};
  if (config.prune.tau >= 0)
    for (const char* key : {"net_sparsity", "prune_ratio", "mass_kept", "relative_frobenius"})
      knob.moves.push_back({key, false});
  return knob;
}

std::vector<KnobMove> moves_of_pairs() {
  return {{"prune_ratio", false}, {"mass_kept", false}, {"relative_frobenius", false}};
}

Knob probability_knob() {
  Knob knob{.parts = {{.path = "prune.probability.threshold"}},
            .scale = magnitudes(-9, 0),
            .prunes_upwards = true,
            .moves = moves_of_pairs()};
  knob.scale.first = 1;  // above 0
  return knob;
}

}  // namespace

Knobs knobs_of(const HdpConfig& config) {
  if (!config.pruning) return {};
  Knobs knobs;
  knobs.one.push_back(config.prune.rule == PruneRule::TopK ? share_knob(config)
                                                           : threshold_knob(config));
  knobs.one.push_back(head_knob(config));
  if (config.estimates()) knobs.one.push_back(probability_knob());
  const auto add_cascade = [&](const CascadeStage& stage, const char* place) {
    if (!stage.prunes()) return;
    knobs.one.push_back(cascade_knob(stage, place, moves_of_pairs()));
    knobs.by_layer.push_back(cascade_knob_by_layer(place, moves_of_pairs()));
  };
  add_cascade(config.cascade.token, "cascade.token");
  add_cascade(config.cascade.head, "cascade.head");
  // Estimates are compared in the order in which chunks arrive.
  if (!config.estimates()) knobs.sooner = {"memory.model=ideal"};
  return knobs;
}

}  // namespace hdp
