// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options.hpp"
#include <hdp/workload/workload.hpp>

namespace hdp {

/// What `hdpsim run` was asked for.
struct RunCommand {
  std::string machine, workload, baseline, out, timeline, fidelity;
  std::vector<std::string> changes;
  RowFilter rows;
  bool json = false, detail = false, what_if = false;
  std::optional<unsigned> threads;
};

/// Finds out that results cannot be written before any work is done.
void check_outputs(const RunCommand& command);
/// config.json, report.txt and report.json into the folder that was asked for, if any.
void write_outputs(const RunCommand& command, const std::string& config, const std::string& text,
                   const std::string& json);

}  // namespace hdp
