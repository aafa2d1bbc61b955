// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include "logger.hpp"

namespace hdp {

/// Gives every command of `app` --log-level and --log-file; `options` must live until it has
/// parsed.
void add_log_options(CLI::App& app, LogOptions& options);

}  // namespace hdp
