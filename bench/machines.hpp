// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/machine/resolve.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp::bench {

/// A machine of the catalogue, with the memory and the energies that it names.
inline HdpConfig machine(const std::string& name) {
  return resolve_machine(Catalog({HDP_SOURCE_DIR "/configs"}), name);
}

/// One BERT-Base layer: 12 heads, d 64, n tokens.
inline Trace bert_base_layer(std::int64_t n) {
  SyntheticConfig config;
  config.model = "bert_base";
  config.layers = 1;
  config.n = n;
  return make_synthetic(config);
}

}  // namespace hdp::bench
