// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <hdp/base/int128.hpp>

namespace hdp {

using Json = nlohmann::ordered_json;

/// An exact integer of any size. nlohmann ends at 64 bits: larger ones travel as binary data that
/// holds their digits, which json_text() writes as a number.
Json exact_integer(Int128 value);

/// The number, or null.
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// The text of a report, keys in order, with a final newline. indent -1: one line. What is not
/// UTF-8 is replaced.
std::string json_text(const Json& json, int indent = 1);

}  // namespace hdp
