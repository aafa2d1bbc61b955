// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <hdp/config/catalog.hpp>

namespace hdp {

/// What `hdpsim run` was asked for.
struct RunCommand {
  std::string machine, workload, baseline = "same", out, timeline, fidelity = "on";
  std::vector<std::string> changes;
  std::optional<std::int64_t> iteration, rows;
  bool json = false, detail = false;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
};

/// Finds out that results cannot be written before any work is done.
void check_outputs(const RunCommand& command);
/// config.json, report.txt and report.json into the folder that was asked for, if any.
void write_outputs(const RunCommand& command, const std::string& config, const std::string& text,
                   const std::string& json);

/// UserError where rows are chosen although the workload is a trace.
void refuse_row_choice(const RunCommand& command);

/// `hdpsim run` of a machine of kind "spatten".
void run_spatten_command(const RunCommand& command, const Catalog& catalog);

/// `hdpsim run` of a machine of kind "spatten_rtl".
void run_spatten_rtl_command(const RunCommand& command, const Catalog& catalog);

}  // namespace hdp
