// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/machine/token_picker/run.hpp>

namespace hdp::token_picker {

/// The output error of what was decided, layer by layer and in all.
inline void add_fidelity(TokenPickerResult& result) {
  for (const TokenPickerLayerDecisions& layer : result.decisions.layers) {
    Fidelity& fidelity = result.layers.emplace_back();
    for (const TokenPickerHeadDecisions& head : layer.heads)
      fidelity.add({head.error, head.mass_kept, 1});
    result.fidelity.add(fidelity);
  }
}

}  // namespace hdp::token_picker
