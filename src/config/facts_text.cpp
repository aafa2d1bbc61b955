// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cmath>
#include <cstdint>
#include <memory>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "config/json_tree.hpp"
#include "config/overloaded.hpp"
#include <hdp/config/facts_text.hpp>

namespace hdp {
namespace {

class Writer {
 public:
  explicit Writer(int indent) : indent_(indent) {}

  void write(const Fact& fact, int depth) {
    std::visit(Overloaded{[&](std::nullptr_t) { text_ += "null"; },
                          [&](const bool& value) { text_ += value ? "true" : "false"; },
                          [&](const std::int64_t& value) { text_ += fmt::format("{}", value); },
                          [&](const Int128& value) { text_ += fmt::format("{}", value); },
                          [&](const double& value) { text_ += nlohmann::json(value).dump(); },
                          [&](const std::string& value) { text_ += json_string(value); },
                          [&](const Fact::List& list) {
                            members(list, "[]", depth,
                                    [&](const Fact& item) { write(item, depth + 1); });
                          },
                          [&](const Facts& facts) {
                            members(facts, "{}", depth, [&](const NamedFact& named) {
                              text_ += json_string(named.name);
                              text_ += indent_ < 0 ? ":" : ": ";
                              write(named.value, depth + 1);
                            });
                          }},
               fact.value());
  }
  std::string take() { return std::move(text_); }

 private:
  template <class Members, class Write>
  void members(const Members& all, const char* brackets, int depth, Write write_one) {
    text_ += brackets[0];
    bool first = true;
    for (const auto& member : all) {
      if (!first) text_ += ',';
      first = false;
      new_line(depth + 1);
      write_one(member);
    }
    if (!first) new_line(depth);
    text_ += brackets[1];
  }

  void new_line(int depth) {
    if (indent_ < 0) return;
    text_ += '\n';
    text_.append(static_cast<std::size_t>(depth) * static_cast<std::size_t>(indent_), ' ');
  }

  int indent_;
  std::string text_;
};

/// An integer stays one, as far as the parser knows any: 64 bits, with or without a sign.
Fact number_of(const JsonNumber& number) {
  if (number.integer) return *number.integer;
  std::uint64_t integer = 0;
  const char* const end = number.text.data() + number.text.size();
  const auto read = std::from_chars(number.text.data(), end, integer);
  if (read.ec != std::errc{} || read.ptr != end) return number.value;
  return static_cast<Int128>(integer);
}

Fact fact_of(const JsonNode& node) {
  return std::visit(Overloaded{[](std::nullptr_t) { return Fact(nullptr); },
                               [](const bool& value) { return Fact(value); },
                               [](const JsonNumber& number) { return number_of(number); },
                               [](const std::string& text) { return Fact(text); },
                               [](const JsonNode::List& list) {
                                 Fact::List items;
                                 for (const JsonNode& item : list) items.push_back(fact_of(item));
                                 return Fact(std::move(items));
                               },
                               [](const JsonNode::Object& object) {
                                 Facts facts;
                                 for (const JsonMember& member : object)
                                   facts.append(member.key, fact_of(member.node));
                                 return Fact(std::move(facts));
                               }},
                    node.value);
}

}  // namespace

std::string json_text(const Fact& fact, int indent) {
  Writer writer(indent);
  writer.write(fact, 0);
  return writer.take();
}

std::string facts_text(const Fact& fact, int indent) { return json_text(fact, indent) + '\n'; }

Fact parse_facts(std::string_view text, std::string_view origin) {
  return fact_of(parse_json(text, origin));
}

}  // namespace hdp
