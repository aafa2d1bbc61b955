// SPDX-License-Identifier: Apache-2.0
#include "log_options.hpp"

#include <vector>

namespace hdp {

void add_log_options(CLI::App& app, LogOptions& options) {
  const std::vector<CLI::App*> commands = app.get_subcommands([](CLI::App*) { return true; });
  for (CLI::App* command : commands) add_log_options(*command, options);
  if (!commands.empty()) return;
  app.add_option("--log-level", options.level,
                 "Say what is done: debug, info, warning, error, or off, as without it");
  app.add_option("--log-file", options.file,
                 "Add these lines to a file instead of stderr; of level info where none is given");
}

}  // namespace hdp
