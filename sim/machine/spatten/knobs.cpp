// SPDX-License-Identifier: Apache-2.0
#include "machine/cascade_knob.hpp"
#include <hdp/machine/knob.hpp>
#include <hdp/machine/spatten/kind.hpp>

namespace hdp {
namespace {

/// Counts follow the shares; which tokens and heads they are hangs on what was removed before.
std::vector<KnobMove> moves_of_pairs() {
  return {{"prune_ratio", true}, {"mass_kept", false}, {"relative_frobenius", false}};
}

std::vector<KnobMove> moves_of_heads(const CascadeStage& heads) {
  std::vector<KnobMove> moves{{"head_sparsity", true}};
  if (heads.prunes())
    for (const KnobMove& move : moves_of_pairs()) moves.push_back(move);
  return moves;
}

}  // namespace

Knobs knobs_of(const SpattenConfig& config) {
  const SpattenPruning& prune = config.prune;
  Knobs knobs;
  if (prune.token.prunes()) {
    knobs.one.push_back(cascade_knob(prune.token, "prune.token", moves_of_pairs()));
    knobs.by_layer.push_back(cascade_knob_by_layer("prune.token", moves_of_pairs()));
  }
  if (prune.value_keep < 1)
    knobs.one.push_back({.parts = {{.path = "prune.value_keep"}},
                         .scale = shares(),
                         .prunes_upwards = false,
                         .moves = moves_of_pairs()});
  knobs.one.push_back(cascade_knob(prune.head, "prune.head", moves_of_heads(prune.head)));
  if (prune.head.prunes())
    knobs.by_layer.push_back(cascade_knob_by_layer("prune.head", moves_of_heads(prune.head)));
  knobs.sooner = {"memory.model=ideal"};
  return knobs;
}

}  // namespace hdp
