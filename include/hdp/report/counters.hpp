// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <hdp/kernel/unit.hpp>

namespace hdp {

/// What the counters of these kinds of units mean, a line each; `counter` names one, or a kind of
/// unit; "" takes all. UserError for one that there is not.
std::string counters_text(std::span<const UnitKind* const> units, std::string_view counter = {});
/// All of them as a page (docs/counters.md).
std::string counters_page(std::span<const UnitKind* const> units);

}  // namespace hdp
