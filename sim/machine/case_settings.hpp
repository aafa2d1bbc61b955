// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <hdp/base/facts.hpp>
#include <hdp/config/field.hpp>

namespace hdp {

/// A number in a range, or an integer, or a UserError with `path`.
double number_in(const Fact& value, Range range, const std::string& path);
std::int64_t integer_in(const Fact& value, Range range, const std::string& path);
/// The place of a word in `names`, or a UserError with `path`.
std::size_t word_in(std::string_view word, std::span<const std::string_view> names,
                    const std::string& path);

/// Settings of a `prune` case that are read by hand, where the tables of hdp/config cannot express
/// them. Mistakes are UserErrors with the path of the setting.
class CaseSettings {
 public:
  /// UserError where `given` holds no settings, or one that is not known. It must outlive this.
  CaseSettings(const Facts& given, std::string where,
               std::initializer_list<std::string_view> known);
  CaseSettings(const Fact& given, std::string where, std::initializer_list<std::string_view> known);

  /// The value of a setting; null where it is absent or null.
  [[nodiscard]] const Fact* find(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name, double otherwise, Range range) const;
  [[nodiscard]] std::optional<double> number(std::string_view name, Range range) const;
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise,
                                     Range range) const;
  template <class Enum>
  [[nodiscard]] Enum choice(std::string_view name, Enum otherwise) const {
    return static_cast<Enum>(
        word_in(text(name, name_of(otherwise)), EnumNames<Enum>::kNames, path(name)));
  }
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise) const;
  [[nodiscard]] std::string path(std::string_view name) const;

 private:
  const Facts* facts_;
  std::string where_;
};

}  // namespace hdp
