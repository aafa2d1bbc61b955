// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <hdp/base/facts.hpp>

namespace hdp {

/// A setting by its dotted path, with its value as JSON.
using ListedSetting = std::pair<std::string, std::string>;

/// All settings of a configuration, in its order; a list is one value, and so is an empty group.
std::vector<ListedSetting> list_settings(const Facts& config);

/// A value for people, and as `--set` takes it where that is plain: a text as it is, else JSON.
std::string setting_text(const Fact& value);

}  // namespace hdp
