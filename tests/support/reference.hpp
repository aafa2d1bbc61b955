// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace hdp {

/// The first place where `actual` differs from `expected`, as "path: expected, actual"; empty where
/// nothing does. Integers, texts and structure are exact, doubles to 1e-9 relative (absolute below
/// 1); keys that only `actual` has are free.
std::string first_difference(const nlohmann::json& expected, const nlohmann::json& actual,
                             const std::string& path = "");

nlohmann::json read_json(const std::filesystem::path& path);

}  // namespace hdp
