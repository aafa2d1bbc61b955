// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <hdp/base/facts.hpp>

namespace hdp {

/// The JSON text of facts, names in order, integers of any size exact, doubles in the shortest form
/// that reads back the same, with a final newline. indent -1: one line. What is not UTF-8 is
/// replaced; a double that is not finite is null.
std::string facts_text(const Fact& fact, int indent = 1);
/// The same as a part of something else: without the newline, and on one line.
std::string json_text(const Fact& fact, int indent = -1);

/// Any JSON text as facts. UserError with `origin`, line and column for what is no JSON, a name
/// that stands twice, a number out of range, and too many levels.
Fact parse_facts(std::string_view text, std::string_view origin);

}  // namespace hdp
