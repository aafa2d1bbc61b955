// SPDX-License-Identifier: Apache-2.0
#include "config/json_tree.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "config/overloaded.hpp"
#include "config/place.hpp"
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

using Json = nlohmann::json;

[[noreturn]] void syntax_error(std::string_view text, std::string_view origin, std::size_t at,
                               std::string problem) {
  const std::string_view before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  const std::string place = fmt::format("{}:{}", line, column);
  throw UserError({.path = origin.empty() ? place : fmt::format("{}:{}", origin, place),
                   .problem = std::move(problem)});
}

/// The part of the parser's message that is not its name or the position.
std::string_view reason_in(std::string_view what) {
  constexpr std::string_view kColumn = ", column ";
  const std::size_t column = what.find(kColumn);
  const std::size_t colon = column == std::string_view::npos ? column : what.find(": ", column);
  return colon == std::string_view::npos ? what : what.substr(colon + 2);
}

/// Receives the parser's events. Groups are kept by value until they close.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, std::string_view origin) : text_(text), origin_(origin) {}

  JsonNode take() { return std::move(root_); }

  bool null() { return add({nullptr}); }
  bool boolean(bool value) { return add({value}); }
  bool number_integer(Json::number_integer_t value) {
    return add({JsonNumber{fmt::format("{}", value), static_cast<double>(value), value}});
  }
  bool number_unsigned(Json::number_unsigned_t value) {
    JsonNumber number{fmt::format("{}", value), static_cast<double>(value)};
    if (std::in_range<std::int64_t>(value)) number.integer = static_cast<std::int64_t>(value);
    return add({std::move(number)});
  }
  bool number_float(Json::number_float_t value, const std::string& written) {
    return add({JsonNumber{written, value}});
  }
  bool string(std::string& value) { return add({std::move(value)}); }
  static bool binary(Json::binary_t&) { return false; }

  bool start_object(std::size_t) { return open({JsonNode::Object{}}); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open({JsonNode::List{}}); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    Group& group = groups_.back();
    group.key = std::move(name);
    if (group.seen.insert(group.key).second) return true;
    throw UserError(Mistake{.path = place(), .problem = "this key stands here twice"})
        .within(origin_);
  }

  bool parse_error(std::size_t read, const std::string& token, const Json::exception& error) {
    constexpr int kNumberOverflow = 406;
    const std::size_t at = std::min(read == 0 ? 0 : read - 1, text_.size());
    if (error.id == kNumberOverflow)
      syntax_error(text_, origin_, at, fmt::format("{} is too large", clipped(token)));
    syntax_error(text_, origin_, at, std::string(reason_in(error.what())));
  }

 private:
  struct Group {
    JsonNode node;
    std::string key{};
    std::unordered_set<std::string> seen{};
  };

  bool open(JsonNode node) {
    if (groups_.size() == kDeepest) {
      throw UserError(Mistake{.problem = fmt::format("nested deeper than {} levels", kDeepest)})
          .within(origin_);
    }
    groups_.push_back({std::move(node)});
    return true;
  }

  bool close() {
    JsonNode node = std::move(groups_.back().node);
    groups_.pop_back();
    return add(std::move(node));
  }

  bool add(JsonNode node) {
    if (groups_.empty()) {
      root_ = std::move(node);
    } else if (Group& group = groups_.back();
               auto* list = std::get_if<JsonNode::List>(&group.node.value)) {
      list->push_back(std::move(node));
    } else {
      std::get<JsonNode::Object>(group.node.value).push_back({group.key, std::move(node)});
    }
    return true;
  }

  [[nodiscard]] std::string place() const {
    Place here = Place::in_file();
    for (const Group& group : groups_) {
      const auto* list = std::get_if<JsonNode::List>(&group.node.value);
      here = here.child(list != nullptr ? fmt::format("{}", list->size()) : group.key);
    }
    return here.path;
  }

  std::string_view text_;
  std::string_view origin_;
  JsonNode root_{};
  std::vector<Group> groups_{};
};

}  // namespace

JsonNode parse_json(std::string_view text, std::string_view origin) {
  // The parser takes a zero byte for the end of the text.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    syntax_error(text, origin, zero, "a zero byte is not JSON");
  TreeBuilder builder(text, origin);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

const JsonNode* find_member(const JsonNode::Object& object, std::string_view key) {
  const auto found = std::ranges::find(object, key, &JsonMember::key);
  return found == object.end() ? nullptr : &found->node;
}

std::string json_string(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_utf8(std::string_view text) {
  const Json json(text);
  return json.dump(-1, ' ', false, Json::error_handler_t::ignore) ==
         json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string description(const JsonNode& node) {
  return std::visit(
      Overloaded{[](std::nullptr_t) -> std::string { return "null is no value"; },
                 [](const bool& value) { return fmt::format("{} is a truth value", value); },
                 [](const JsonNumber& number) { return clipped(number.text) + " is a number"; },
                 [](const std::string& text) { return json_string(clipped(text)) + " is text"; },
                 [](const JsonNode::List&) -> std::string { return "[...] is a list"; },
                 [](const JsonNode::Object&) -> std::string { return "{...} is a group"; }},
      node.value);
}

std::string clipped(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  if (text.size() <= kLongest) return std::string(text);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  std::size_t end = kLongest;
  while (end > 0 && continues(text[end])) --end;
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace hdp
