// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <hdp/base/facts.hpp>

namespace hdp {

/// A value of a report, in one line: numbers as JSON has them.
std::string value_line(const Fact& value);
/// The same; "missing" for none.
std::string value_line(const std::optional<Fact>& value);

/// Of two numbers, exact for integers.
Fact difference_of(const Fact& before, const Fact& after);
/// The difference over the magnitude of `before`; nothing where that is 0.
std::optional<double> relative_change(const Fact& before, const Fact& after);
/// A relative change as "+0.033 %": three digits behind the point, or as many as show one.
std::string percent_text(double relative);

}  // namespace hdp
