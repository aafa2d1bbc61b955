// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <hdp/machine/fidelity.hpp>

namespace hdp {

/// The output error of what was decided on sequences, layer by layer and in all: of every head its
/// error and the mass that it keeps.
template <class Decisions>
void add_head_fidelity(const std::vector<Decisions>& sequences, std::vector<Fidelity>& layers,
                       Fidelity& total) {
  for (const Decisions& decisions : sequences)
    for (std::size_t l = 0; l < decisions.layers.size(); ++l) {
      if (l == layers.size()) layers.emplace_back();
      for (const auto& head : decisions.layers[l].heads)
        layers[l].add({head.error, head.mass_kept, 1});
    }
  for (const Fidelity& layer : layers) total.add(layer);
}

}  // namespace hdp
