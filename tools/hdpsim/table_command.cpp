// SPDX-License-Identifier: Apache-2.0
#include "table_command.hpp"

#include <filesystem>

#include <fmt/core.h>

#include "results.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/output.hpp>

namespace hdp {

namespace fs = std::filesystem;

void add_table_options(CLI::App& app, TableCommand& command, const std::string& set_doc) {
  app.add_option(
      "-w,--workload", command.workloads,
      "Trace or encoder (.safetensors), synthetic workload or batch (.json), or rows (.csv), "
      "repeatable");
  add_layer_options(app, command.layer);
  add_changes(app, command.changes, set_doc);
  app.add_option("-o,--out", command.out,
                 "Folder for table.json and table.txt; rows that it holds are not made again");
  add_json(app, command.json, "Print the table as JSON");
  add_threads(app, command.threads);
}

std::vector<Workload> workloads_of(const TableCommand& command, const Catalog& catalog) {
  if (command.workloads.empty()) refuse({}, "--workload is required, see hdpsim --help");
  std::vector<Workload> workloads;
  for (const std::string& name : command.workloads)
    workloads.push_back(with_layers(resolve_workload(catalog, name), command.layer, "--"));
  return workloads;
}

void show_table(const TableCommand& command, Console& console,
                const std::function<Table(const TableOptions&)>& make) {
  Results results;
  results.add_folder(command.out, {"table.txt", "table.json"});
  results.claim();
  TableOptions options;
  options.threads = command.threads;
  options.log = console.log;
  if (!command.out.empty()) {
    options.folder = (fs::path(command.out) / "rows").string();
    remove_leftovers(options.folder, "");
  }
  options.observer = [&](double share, const std::string& what) {
    console.progress.show(share, what);
  };
  const Table table = make(options);
  console.progress.clear();
  const Stopwatch reporting;
  const std::string text = table_text(table.rows, table.host),
                    json = table_json(table.rows, table.host);
  if (!command.out.empty()) {
    results.put(fs::path(command.out) / "table.txt", text);
    results.put(fs::path(command.out) / "table.json", json);
  }
  results.publish();
  fmt::print("{}", command.json ? json : text);
  log_time(console.log, "reported", reporting);
}

}  // namespace hdp
