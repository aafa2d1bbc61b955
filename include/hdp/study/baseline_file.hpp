// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>
#include <hdp/report/check_report.hpp>

namespace hdp {

/// A run, and what its report is to hold.
struct BaselineCase {
  std::string name;               ///< One line, not of another case.
  std::string machine, workload;  ///< Names, or paths that start at the file's folder.
  Facts set{};                    ///< Changes of the machine: path and value, as --set takes them.
  Facts expect{};                 ///< Dotted path in the report, and the number there.
};

/// How far the numbers of a key, or of a group, may be from what is expected.
struct Tolerance {
  std::string key;
  double relative = 0;
};

/// A file of format "baseline-1" (docs/check.md).
struct BaselineFile {
  std::vector<Tolerance> tolerance{};
  std::vector<BaselineCase> cases{};
  /// The tolerance of a key: that of the longest group around it; 0 where there is none.
  [[nodiscard]] double tolerance_of(std::string_view key) const;
  [[nodiscard]] bool has_case(std::string_view name) const;
};

/// UserError, with `origin` and the place, for whatever is no such file: a key that is not known or
/// missing, a value of another type, a name that comes twice, a tolerance for what no case expects.
BaselineFile read_baseline(std::string_view text, std::string_view origin);

/// A file with one more case, behind those of `text`, of which nothing else changes; "": a new
/// file. `text` has been read.
std::string with_case(const std::string& text, const BaselineCase& added);

/// A file that expects what came out: differing numbers are replaced, keys without a number go, and
/// with them tolerances that nothing is left for. All else stays to the byte. `text` has been read,
/// `results` are those of its cases.
std::string with_results(const std::string& text, const CheckResults& results);

/// JSON Schema of such a file.
std::string baseline_schema();

}  // namespace hdp
