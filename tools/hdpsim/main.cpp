// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "command.hpp"
#include "mistakes.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/version.hpp>

namespace {

constexpr int kUsersMistake = 2;
constexpr int kOurs = 3;

int run(int argc, char** argv) {
  CLI::App app{"hdpsim: cycle-accurate simulation of accelerators that prune attention at run time",
               "hdpsim"};
  app.set_version_flag("--version", "hdpsim " + std::string(hdp::kVersion));
  app.require_subcommand(1);
  hdp::add_run(app);
  hdp::add_compare(app);
  hdp::add_ablate(app);
  hdp::add_prune(app);
  hdp::add_dram(app);
  hdp::add_top_k(app);
  hdp::add_inspect(app);
  hdp::add_workload(app);
  hdp::add_schema(app);
  hdp::add_list(app);
  hdp::add_explain(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw hdp::mistake_of(app, error, argc, argv);
  }
  return EXIT_SUCCESS;
}

/// A full disk shows only when the last buffer goes out.
void finish_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw hdp::UserError(
      {.path = "stdout",
       .problem = fmt::format("cannot write: {}", std::generic_category().message(errno))});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int code = run(argc, argv);
    finish_output();
    return code;
  } catch (const hdp::UserError& error) {
    fmt::print(stderr, "hdpsim: {}\n", error.what());
    return kUsersMistake;
  } catch (const std::system_error& error) {
    fmt::print(stderr, "hdpsim: {}\n", error.what());
    return kUsersMistake;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "hdpsim: out of memory\n");
    return kOurs;
  } catch (const std::exception& error) {
    fmt::print(stderr, "hdpsim: internal error, please report it: {}\n", error.what());
    return kOurs;
  }
}
