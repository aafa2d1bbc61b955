// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/report/page_point.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// `text` as a word of a shell.
std::string shell_word(const std::string& text);

/// Commands that make finished runs again.
class PageCommands {
 public:
  PageCommands(const Catalog& catalog, Kinds kinds);

  /// `hdpsim run MACHINE -w WORKLOAD --set ...` where that gives the very machine of the row, which
  /// is tried; else with `file`, which holds its configuration. "": the row does not say enough.
  std::string of(const PagePoint& point, const std::string& file);

 private:
  using Words = std::vector<std::string>;
  /// The changes that make the row's machine of the one of its name; nothing where none do.
  std::optional<Words> changes_of(const TableRow& row, const Workload* workload);
  /// The name by which -w takes the row's workload, where that is known.
  std::string file_of(const TableRow& row);
  /// The workload of that name, if it is known; null else.
  const Workload* workload_of(const std::string& name);

  const Catalog& catalog_;
  Kinds kinds_;
  std::multimap<std::string, std::string> synthetic_;  ///< Files, by what their traces are called.
  std::map<std::string, std::optional<Workload>> workloads_;
};

}  // namespace hdp
