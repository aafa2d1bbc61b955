// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/token_picker/run.hpp>

namespace hdp::token_picker {

/// The output error of what was decided, layer by layer and in all.
inline void add_fidelity(TokenPickerResult& result) {
  for (const TokenPickerDecisions& decisions : result.decisions)
    for (std::size_t l = 0; l < decisions.layers.size(); ++l) {
      if (l == result.layers.size()) result.layers.emplace_back();
      for (const TokenPickerHeadDecisions& head : decisions.layers[l].heads)
        result.layers[l].add({head.error, head.mass_kept, 1});
    }
  for (const Fidelity& layer : result.layers) result.fidelity.add(layer);
}

}  // namespace hdp::token_picker
