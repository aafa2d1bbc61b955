// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include <hdp/config/section.hpp>

namespace hdp {

/// Calls `visit(dotted_path, setting)` for every single value of `section`, in the order of the
/// tables; of groups only for those that are off.
void for_each_setting(const Section& section,
                      const std::function<void(std::string_view, const Setting&)>& visit);

/// The setting, or group of them, at a dotted path; nullptr where there is none.
const Setting* find_setting_at(const Section& section, std::string_view path);

/// The settings of a group; nullptr where `setting` is a single value.
const Section* members_of(const Setting& setting);

/// Where a default comes from, as reports word it.
std::string_view source_text(Source source);

}  // namespace hdp
