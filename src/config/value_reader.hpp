// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/json_tree.hpp"
#include "config/place.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/section.hpp>

namespace hdp {

/// Sets one setting, or the group it is, from `node`, which stands at `place`. UserError (without
/// the origin) where the value does not fit.
void read_value(const Setting& setting, const JsonNode& node, const Place& place);

/// Sets the members of `section` from an object in which the keys `ignored` may also stand.
void read_members(const Section& section, const JsonNode& node, const Place& place,
                  std::span<const std::string_view> ignored = {});

/// The setting called `name`, or nullptr.
const Setting* find_setting(const Section& section, std::string_view name);
/// The mistake of naming a setting that `section`, which stands at `prefix`, does not have (any
/// more): `path` is what was written, `nearest` what may have been meant.
UserError no_such_setting(const Section& section, std::string_view prefix, std::string_view name,
                          std::string_view path, std::string nearest);
std::vector<std::string_view> names_in(const Section& section);

/// "[1, 1024]", "(0, 1)", "[0, inf)".
std::string range_text(const Range& range);

}  // namespace hdp
