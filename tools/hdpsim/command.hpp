// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <CLI/CLI.hpp>

#include "console.hpp"
#include <hdp/config/catalog.hpp>

namespace hdp {

/// Where configurations are found by name: beside the installed program, else in the source tree.
Catalog configurations(const Log& log);
/// Where the template of the page and its files are, likewise.
std::filesystem::path page_parts();

/// Each adds its subcommand to `app`; the work is done in the subcommand's callback, and `console`
/// must live until then.
void add_run(CLI::App& app, Console& console);
void add_compare(CLI::App& app, Console& console);
void add_ablate(CLI::App& app, Console& console);
void add_sweep(CLI::App& app, Console& console);
void add_merge(CLI::App& app);
void add_calibrate(CLI::App& app, Console& console);
void add_report(CLI::App& app, Console& console);
void add_check(CLI::App& app, Console& console);
void add_diff(CLI::App& app, Console& console);
void add_prune(CLI::App& app, Console& console);
void add_top_k(CLI::App& app, Console& console);
void add_inspect(CLI::App& app, Console& console);
void add_dram(CLI::App& app, Console& console);
void add_workload(CLI::App& app, Console& console);
void add_schema(CLI::App& app);
void add_list(CLI::App& app, Console& console);
void add_explain(CLI::App& app);

}  // namespace hdp
