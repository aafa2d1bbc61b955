// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "report/json_text.hpp"
#include <hdp/config/field.hpp>

namespace hdp {

/// A JSON object whose settings are read by hand, where the tables of hdp/config cannot express
/// them. Mistakes are UserErrors with the path of the setting.
class SettingsObject {
 public:
  /// UserError where `json` is no object or holds a key that is not known.
  SettingsObject(const Json& json, std::string where,
                 std::initializer_list<std::string_view> known);

  /// The value of a key; null where it is absent or null.
  [[nodiscard]] const Json* find(std::string_view key) const;
  [[nodiscard]] double number(std::string_view key, double otherwise, Range range) const;
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t otherwise,
                                     Range range) const;
  [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise) const;
  [[nodiscard]] std::string path(std::string_view key) const;

 private:
  const Json& json_;
  std::string where_;
};

/// A number in a range, or a UserError with `path`.
double number_in(const Json& value, Range range, const std::string& path);

}  // namespace hdp
