// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/report/check_report.hpp>

namespace hdp {

/// What check_text() says of a case; none where it passed.
std::vector<std::string> check_lines(const CaseResult& result);
/// A case that failed, in some words.
std::string check_headline(const CaseResult& result);

}  // namespace hdp
