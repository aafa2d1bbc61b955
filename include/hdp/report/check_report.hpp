// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/facts.hpp>

namespace hdp {

/// A value of a report that is not as it was expected.
struct Difference {
  std::string key;            ///< Dotted path in the report.
  Fact before;                ///< The number that was expected.
  std::optional<Fact> after;  ///< What stands there; nothing where no value does.
};

/// What became of a case of a baseline file.
struct CaseResult {
  std::string name;
  std::size_t values = 0;  ///< That were compared.
  std::vector<Difference> differences{};
  std::string refused{};  ///< Why it could not run; "" where it ran.
  [[nodiscard]] bool passed() const { return differences.empty() && refused.empty(); }
};

/// In the order of the file.
using CheckResults = std::vector<CaseResult>;

bool all_passed(const CheckResults& results);

/// A line a difference, `CASE memory.read_bytes.k_frac 195600 -> 195664 (+0.033 %)`, and one for a
/// case that could not run; "" where all is as expected.
std::string check_text(const CheckResults& results);
/// All of it in one line, for people.
std::string check_summary(const CheckResults& results);
/// JUnit XML: a testcase a case, failures with the lines. `file` names the suite.
std::string check_junit(const CheckResults& results, std::string_view file);
/// Workflow commands of GitHub: an error a case, as its runner shows ten of them a step.
std::string check_github(const CheckResults& results, std::string_view file);

}  // namespace hdp
