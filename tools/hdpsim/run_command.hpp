// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "layer_options.hpp"
#include "options.hpp"
#include <hdp/workload/workload.hpp>

namespace hdp {

/// What `hdpsim run` was asked for.
struct RunCommand {
  std::string machine, workload, baseline, out, timeline, fidelity;
  std::vector<std::string> changes, maps;
  RowFilter rows;
  LayerOptions layer;
  bool json = false, detail = false, what_if = false;
  std::optional<unsigned> threads;
  std::optional<std::int64_t> point;  ///< Of the sweep in the folder `machine`.
};

}  // namespace hdp
