// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <tuple>

namespace hdp {

/// Where a default comes from; reports print it beside every default that shapes a headline.
enum class Source { Paper, Recalled, Ours, MeasuredRtl };

/// What a number may be. Ends belong to the range unless `open`.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool open = false;
};

/// One setting, declared once: reader, writer, schema, help and --set follow from it.
///
/// A configuration is a struct of defaults with `static constexpr auto kFields = std::tuple{...}`.
/// Values: bool, std::int64_t, double, std::string, an enum with EnumNames, std::optional of a
/// number (nullopt is written "auto"), a std::vector of numbers (the range is an element's),
/// RowChoice, another such struct, an OptionalGroup of one, or a std::vector of them.
template <class Owner, class Value>
struct Field {
  Value Owner::*member;
  std::string_view name;
  std::string_view unit;  ///< "" for structs, enums and pure numbers.
  std::string_view doc;
  Range range{};
  Source source = Source::Ours;
};

template <class Owner, class Value>
Field(Value Owner::*, std::string_view, std::string_view, std::string_view) -> Field<Owner, Value>;
template <class Owner, class Value>
Field(Value Owner::*, std::string_view, std::string_view, std::string_view, Range)
    -> Field<Owner, Value>;
template <class Owner, class Value>
Field(Value Owner::*, std::string_view, std::string_view, std::string_view, Range, Source)
    -> Field<Owner, Value>;

/// The words of an enum, in the order of its enumerators 0, 1, 2, ...: specialise with
/// `static constexpr std::array<std::string_view, N> kNames{...}`.
template <class Enum>
struct EnumNames;

template <class Enum>
constexpr std::string_view name_of(Enum value) {
  return EnumNames<Enum>::kNames[static_cast<std::size_t>(value)];
}

template <class T>
concept Settings = requires { T::kFields; };

}  // namespace hdp
