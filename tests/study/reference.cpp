// SPDX-License-Identifier: Apache-2.0
#include "support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

namespace hdp {

std::string first_difference(const nlohmann::json& expected, const nlohmann::json& actual,
                             const std::string& path) {
  const auto differs = [&] {
    return fmt::format("{}: expected {}, got {}", path, expected.dump(), actual.dump());
  };
  if (expected.is_number_float()) {
    if (!actual.is_number()) return differs();
    const double want = expected.get<double>();
    const double gap = std::abs(want - actual.get<double>());
    return gap <= 1e-9 * std::max(1.0, std::abs(want)) ? "" : differs();
  }
  if (expected.is_object()) {
    if (!actual.is_object()) return differs();
    for (const auto& [key, value] : expected.items()) {
      if (!actual.contains(key)) return fmt::format("{}/{}: missing", path, key);
      auto found = first_difference(value, actual.at(key), fmt::format("{}/{}", path, key));
      if (!found.empty()) return found;
    }
    return "";
  }
  if (expected.is_array()) {
    if (!actual.is_array() || actual.size() != expected.size()) return differs();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      auto found = first_difference(expected[i], actual[i], fmt::format("{}/{}", path, i));
      if (!found.empty()) return found;
    }
    return "";
  }
  return expected == actual ? "" : differs();
}

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file);
}

}  // namespace hdp
