// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <limits>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "command.hpp"
#include "options.hpp"
#include <hdp/base/file.hpp>
#include <hdp/report/run_diff.hpp>

namespace hdp {
namespace {

constexpr std::size_t kUsualLines = 20;

struct DiffCommand {
  std::string a, b;
  bool json = false, all = false;
};

void diff_command(const DiffCommand& command, Console& console) {
  const ReportDiff diff =
      diff_reports(read_text(command.a), command.a, read_text(command.b), command.b);
  const std::size_t most = command.all ? std::numeric_limits<std::size_t>::max() : kUsualLines;
  fmt::print("{}", command.json ? diff_json(diff) : diff_text(diff, most));
  console.differs = !diff.empty();
}

}  // namespace

void add_diff(CLI::App& app, Console& console) {
  auto command = std::make_shared<DiffCommand>();
  CLI::App* diff = app.add_subcommand(
      "diff", "Why cycles moved between two reports: settings first, then counters by size");
  diff->add_option("A", command->a, "Report of a run (report.json), before")->required();
  diff->add_option("B", command->b, "Report of a run, after")->required();
  add_json(*diff, command->json, "Print all that differs as JSON");
  diff->add_flag("--all", command->all, "Every line, however many there are");
  diff->callback([command, &console] { diff_command(*command, console); });
}

}  // namespace hdp
