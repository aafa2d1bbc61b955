// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <hdp/config/catalog.hpp>

namespace hdp {

/// Where configurations are found by name: beside the installed program, else in the source tree.
Catalog configurations();

/// Each adds its subcommand to `app`; the work is done in the subcommand's callback.
void add_run(CLI::App& app);
void add_compare(CLI::App& app);
void add_ablate(CLI::App& app);
void add_prune(CLI::App& app);
void add_top_k(CLI::App& app);
void add_inspect(CLI::App& app);
void add_dram(CLI::App& app);
void add_workload(CLI::App& app);
void add_schema(CLI::App& app);
void add_list(CLI::App& app);
void add_explain(CLI::App& app);

}  // namespace hdp
