// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/base/file.hpp>
#include <hdp/config/read.hpp>
#include <hdp/memory/dram_run.hpp>
#include <hdp/memory/request_pattern.hpp>

namespace hdp {

/// A file of configs/memories.
inline DramConfig shipped_memory(const std::string& name) {
  const std::string path = std::string(HDP_SOURCE_DIR) + "/configs/memories/" + name + ".json";
  DramConfig config;
  read_settings(config, read_text(path), path);
  return config;
}

/// On a device that is smaller than the pattern its addresses begin anew.
inline std::vector<DramRequest> pattern_for(const DramConfig& config, std::string_view name,
                                            std::size_t limit) {
  auto requests = make_pattern(name, config.organisation.access_bytes(),
                               config.organisation.row_stride_bytes(), limit);
  for (DramRequest& request : requests) request.address %= config.organisation.capacity_bytes();
  return requests;
}

}  // namespace hdp
