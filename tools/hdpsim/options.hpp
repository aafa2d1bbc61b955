// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

namespace hdp {

inline unsigned all_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

/// A number, or an optional one.
template <class Threads>
void add_threads(CLI::App& app, Threads& threads) {
  app.add_option("-j,--threads", threads, "Threads; the result is the same for any")
      ->check(CLI::Range(1, 1024));
}

inline void add_changes(CLI::App& app, std::vector<std::string>& changes, const std::string& doc) {
  app.add_option("--set", changes, doc + ": path=value, or path=@FILE (repeatable)")
      ->allow_extra_args(false);
}

inline void add_json(CLI::App& app, bool& json, const std::string& doc = "Print JSON") {
  app.add_flag("--json", json, doc);
}

}  // namespace hdp
