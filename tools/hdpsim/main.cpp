// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "command.hpp"
#include "flush_output.hpp"
#include "log_options.hpp"
#include "memory.hpp"
#include "mistakes.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/base/version.hpp>

namespace {

constexpr int kDifference = 1;
constexpr int kUsersMistake = 2;
constexpr int kOurs = 3;

/// One line, as it was typed.
std::string command_line(int argc, const char* const* argv) {
  std::string line = "hdpsim " + std::string(hdp::kVersion) + ":";
  for (int i = 1; i < argc; ++i) line.append(" ").append(argv[i]);
  return line;
}

int run(int argc, char** argv, hdp::Console& console) {
  CLI::App app{"hdpsim: cycle-accurate simulation of accelerators that prune attention at run time",
               "hdpsim"};
  app.set_version_flag("--version", "hdpsim " + std::string(hdp::kVersion));
  app.require_subcommand(1);
  hdp::add_run(app, console);
  hdp::add_compare(app, console);
  hdp::add_ablate(app, console);
  hdp::add_sweep(app, console);
  hdp::add_merge(app);
  hdp::add_calibrate(app, console);
  hdp::add_report(app, console);
  hdp::add_check(app, console);
  hdp::add_diff(app, console);
  hdp::add_prune(app, console);
  hdp::add_dram(app, console);
  hdp::add_top_k(app, console);
  hdp::add_inspect(app, console);
  hdp::add_workload(app, console);
  hdp::add_schema(app);
  hdp::add_list(app, console);
  hdp::add_explain(app);
  hdp::LogOptions log_options;
  hdp::add_log_options(app, log_options);
  // Runs when the whole command line is known to be good, before the command.
  app.parse_complete_callback([&] {
    console.logger.start(log_options);
    console.log.info([&] { return command_line(argc, argv); });
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw hdp::mistake_of(app, error, argc, argv);
  }
  return console.differs ? kDifference : EXIT_SUCCESS;
}

int fail(hdp::Console& console, int code, std::string_view message) {
  std::string line = hdp::one_line(message);
  console.progress.clear();
  console.log.error([&] { return line; });
  // Where stderr cannot be written the exit code says it alone.
  std::fputs(fmt::format("hdpsim: {}\n", line).c_str(), stderr);
  return code;
}

/// A file that a command opens must not become a stream that was closed: messages would go into it.
void keep_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest number that is free is this one. Opened for what nobody does, so that it still
    // fails.
    if (::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
}

int run_to_the_end(int argc, char** argv, hdp::Console& console) {
  const hdp::Stopwatch running;
  const int code = run(argc, argv, console);
  hdp::flush_output();
  hdp::log_time(console.log, "done", running);
  console.logger.finish();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  hdp::Console console;
  try {
    return run_to_the_end(argc, argv, console);
  } catch (const hdp::UserError& error) {
    return fail(console, kUsersMistake, error.what());
  } catch (const std::system_error& error) {
    return fail(console, kUsersMistake, error.what());
  } catch (const std::bad_alloc&) {
    return fail(console, kUsersMistake, hdp::out_of_memory());
  } catch (const std::length_error&) {
    return fail(console, kUsersMistake, hdp::out_of_memory());
  } catch (const std::exception& error) {
    return fail(console, kOurs, fmt::format("internal error, please report it: {}", error.what()));
  }
}
