// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/machine/hdp_config.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp::bench {

/// A machine of configs/machines, with the energies of the code's own table.
inline HdpConfig machine(const std::string& name) {
  const std::filesystem::path path =
      std::filesystem::path(HDP_SOURCE_DIR) / "configs/machines" / (name + ".json");
  HdpConfig config;
  read_settings(config, read_text(path), path.string());
  validate(config);
  return config;
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
