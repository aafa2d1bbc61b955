// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hdp {

/// Semantic version; CMakeLists.txt holds the same, and a test compares them.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace hdp
