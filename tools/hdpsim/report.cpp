// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "results.hpp"
#include <hdp/study/page.hpp>

namespace hdp {
namespace {

struct ReportCommand {
  std::vector<std::string> folders;
  std::string html;
};

void report_command(const ReportCommand& command, Console& console) {
  const Stopwatch reading;
  const Catalog catalog = configurations(console.log);
  PageData data;
  read_page(command.folders, catalog, data,
            [&](std::int64_t done, std::int64_t total, const std::string& folder) {
              console.progress.show(done, total, folder);
            });
  log_time(console.log, "read", reading);
  const Stopwatch reporting;
  const std::string page = make_page(page_parts(), data);
  Results results;
  results.add_file(command.html);
  results.claim();
  results.put(command.html, page);
  results.publish();
  console.progress.clear();
  log_time(console.log, "reported", reporting);
}

}  // namespace

void add_report(CLI::App& app, Console& console) {
  auto command = std::make_shared<ReportCommand>();
  CLI::App* report = app.add_subcommand(
      "report", "One page with the figures and tables of finished runs, tables and sweeps");
  report->add_option("DIR", command->folders, "Folders that run, compare, ablate or sweep wrote")
      ->required();
  report->add_option("--html", command->html, "The page: one file, which needs no network")
      ->required();
  report->callback([command, &console] { report_command(*command, console); });
}

}  // namespace hdp
