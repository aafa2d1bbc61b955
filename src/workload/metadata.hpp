// SPDX-License-Identifier: Apache-2.0
// What metadata say, as numbers and truth values.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "workload/message.hpp"
#include <hdp/base/error.hpp>
#include <hdp/workload/safetensors.hpp>

namespace hdp::detail {

/// The whole of `text` as a number.
template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// UserError that quotes the value of `key`, which is there.
[[noreturn]] inline void refuse_value(const Metadata& metadata, const std::string& key,
                                      std::string allowed) {
  refuse(fmt::format("metadata '{}'", key), fmt::format("'{}'", clipped(metadata.at(key))),
         std::move(allowed));
}

/// Nothing where there is no such key; UserError for a value that is none in [least, most].
template <class Number>
std::optional<Number> number_in(const Metadata& metadata, const std::string& key, Number least,
                                Number most, std::string_view allowed) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return std::nullopt;
  const auto value = parsed<Number>(found->second);
  if (!value || !(*value >= least && *value <= most))
    refuse_value(metadata, key, std::string(allowed));
  return value;
}

/// The same for true and false.
inline std::optional<bool> truth_in(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return std::nullopt;
  if (found->second != "true" && found->second != "false")
    refuse_value(metadata, key, "true, false");
  return found->second == "true";
}

}  // namespace hdp::detail
