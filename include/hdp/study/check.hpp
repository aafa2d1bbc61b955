// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <hdp/base/log.hpp>
#include <hdp/config/catalog.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp {

/// How a baseline file is checked.
struct CheckOptions {
  std::filesystem::path folder{};  ///< Of the file: its relative paths start there.
  unsigned threads = 1;            ///< Cases at a time; the results are the same for any.
  /// Told the share of all work that is done, and the case that has moved.
  std::function<void(double share, const std::string& name)> observer{};
  Log log{};
};

/// Plays every case as `hdpsim run` does, and compares what it expects with the report: integers
/// and doubles exactly, but for tolerances. What the user got wrong in a case is a result of it.
CheckResults check(const BaselineFile& baseline, const Catalog& catalog,
                   const CheckOptions& options, Kinds kinds = machine_kinds());

/// The name or path of a machine or workload as a baseline file in `folder` has it: relative paths
/// start there.
std::string path_for_baseline(const std::string& name_or_path, const std::filesystem::path& folder);

/// Changes `path=value` or `path=@FILE` as the "set" of a case; the last one of a path counts.
Facts settings_for_baseline(const std::vector<std::string>& changes);

/// Plays a case and expects what came out: every integer of the report, `cycles` first. Says how
/// many there are. UserError where it cannot run.
void expect_report(BaselineCase& item, const Catalog& catalog, const CheckOptions& options,
                   Kinds kinds = machine_kinds());

/// The machine of a case. UserError as resolve_machine().
std::unique_ptr<Machine> machine_of(const BaselineCase& item, const Catalog& catalog,
                                    const std::filesystem::path& folder,
                                    Kinds kinds = machine_kinds());

}  // namespace hdp
