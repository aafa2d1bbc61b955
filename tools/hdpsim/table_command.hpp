// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "console.hpp"
#include "layer_options.hpp"
#include "options.hpp"
#include <hdp/config/catalog.hpp>
#include <hdp/study/table.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// What the commands that print a table of runs have in common.
struct TableCommand {
  std::vector<std::string> workloads, changes;
  LayerOptions layer;
  std::string out;
  bool json = false;
  unsigned threads = all_threads();
};

/// Adds the options of a TableCommand; `command` must live until `app` has parsed.
void add_table_options(CLI::App& app, TableCommand& command, const std::string& set_doc);

std::vector<Workload> workloads_of(const TableCommand& command, const Catalog& catalog);

/// Rows, and what a computer took for their workloads.
struct Table {
  std::vector<TableRow> rows;
  std::vector<HostTime> host{};
};

/// Makes a table, with progress, prints it, and writes it where --out says, where its rows are kept
/// as they come.
void show_table(const TableCommand& command, Console& console,
                const std::function<Table(const TableOptions&)>& make);

}  // namespace hdp
