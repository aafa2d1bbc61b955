// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hdp {

/// A number with its spelling: messages repeat it, and "5.0" is no integer.
struct JsonNumber {
  std::string text;
  double value = 0;
  std::optional<std::int64_t> integer{};  ///< Where written as an integer that fits.
};

struct JsonMember;

/// A JSON value that keeps the order of its keys.
struct JsonNode {
  using List = std::vector<JsonNode>;
  using Object = std::vector<JsonMember>;
  std::variant<std::nullptr_t, bool, JsonNumber, std::string, List, Object> value;
};

struct JsonMember {
  std::string key;
  JsonNode node;
};

/// Parses a whole text. UserError ("origin:line:column") where it is no JSON, holds more than
/// kDeepest groups in one another or a key twice.
JsonNode parse_json(std::string_view text, std::string_view origin);
inline constexpr std::size_t kDeepest = 64;

/// The value under `key`, or nullptr.
const JsonNode* find_member(const JsonNode::Object& object, std::string_view key);

/// `text` as a JSON string; bytes that are not UTF-8 become the replacement character.
std::string json_string(std::string_view text);
bool is_utf8(std::string_view text);

/// What `node` is, for messages: `"abc" is text`, `5 is a number`, `{...} is a group`.
std::string description(const JsonNode& node);

/// At most some 60 bytes of `text`, whole characters, "..." where something was cut.
std::string clipped(std::string_view text);

}  // namespace hdp
