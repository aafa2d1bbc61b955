// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <hdp/base/facts.hpp>

namespace hdp {

/// A value that two reports do not have alike; nothing where a report has none at that path.
struct ReportChange {
  std::string path;  ///< Dotted.
  std::optional<Fact> before, after;
  bool in_list = false;  ///< Of an item of a list, such as a bin of a histogram.
};

/// What differs between two reports.
struct ReportDiff {
  struct Side {
    std::string file, machine, workload;
    Fact cycles;
  };
  Side a, b;
  /// What the runs were given: machine, workload, configuration, seed, version, and the baseline.
  std::vector<ReportChange> settings{};
  /// Numbers that came out, the largest relative change first: what was 0 or is in one report alone
  /// before all others, equal ones by path. Cycles stand in `a` and `b`, and `items` are those of
  /// items of lists: details, such as bins and layers, that would bury the rest.
  std::vector<ReportChange> counters{}, items{};
  std::vector<ReportChange> texts{};  ///< All else that came out, such as the limiter.
  [[nodiscard]] bool empty() const;
};

/// Reads two reports of format "report-1". UserError, with the file, for what is none.
ReportDiff diff_reports(const std::string& a_text, const std::string& a_file,
                        const std::string& b_text, const std::string& b_file);

/// For people: cycles, then settings, counters, items, texts, at most `most` lines of each.
std::string diff_text(const ReportDiff& diff, std::size_t most);
/// Format "diff-1": all of it.
std::string diff_json(const ReportDiff& diff);

}  // namespace hdp
