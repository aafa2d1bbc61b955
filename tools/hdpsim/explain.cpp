// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <fmt/core.h>

#include "command.hpp"
#include <hdp/report/counters.hpp>
#include <hdp/study/list.hpp>

namespace hdp {
namespace {

struct ExplainOptions {
  std::string counter;
  bool page = false;
};

void explain(const ExplainOptions& options) {
  const auto units = units_of();
  fmt::print("{}", options.page ? counters_page(units) : counters_text(units, options.counter));
}

}  // namespace

void add_explain(CLI::App& app) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      app.add_subcommand("explain", "What the counters of a report mean, with their units");
  CLI::Option* counter =
      command->add_option("COUNTER", options->counter, "A counter, or a kind of unit; none: all");
  command->add_flag("--page", options->page, "All of them, as Markdown")->excludes(counter);
  command->callback([options] { explain(*options); });
}

}  // namespace hdp
