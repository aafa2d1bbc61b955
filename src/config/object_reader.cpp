// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/object_reader.hpp>

namespace hdp {

ObjectReader::ObjectReader(const Fact& fact, std::string origin, std::string path)
    : facts_(fact.as<Facts>()), origin_(std::move(origin)), path_(std::move(path)) {
  if (facts_ == nullptr)
    refuse(path_.empty() ? origin_ : fmt::format("{}: {}", origin_, path_), json_text(fact),
           "a JSON object");
}

const Fact* ObjectReader::find(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  return facts_->find(key);
}

const Fact& ObjectReader::need(std::string_view key) {
  const Fact* const fact = find(key);
  if (fact == nullptr) refuse(path_of(key), "is missing");
  return *fact;
}

std::optional<std::string> ObjectReader::text(std::string_view key) {
  const Fact* const fact = find(key);
  if (fact == nullptr) return std::nullopt;
  if (const auto* const value = fact->as<std::string>()) return *value;
  refuse_kind(key, "text");
}

std::string ObjectReader::need_text(std::string_view key) {
  need(key);
  return *text(key);
}

std::optional<bool> ObjectReader::flag(std::string_view key) {
  const Fact* const fact = find(key);
  if (fact == nullptr) return std::nullopt;
  if (const bool* const value = fact->as<bool>()) return *value;
  refuse_kind(key, "true, false");
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view key, std::int64_t least,
                                                  std::int64_t most) {
  const Fact* const fact = find(key);
  if (fact == nullptr) return std::nullopt;
  const auto* const value = fact->as<std::int64_t>();
  if (value == nullptr || *value < least || *value > most)
    refuse_kind(key, fmt::format("whole numbers from {} to {}", least, most));
  return *value;
}

std::optional<double> ObjectReader::number(std::string_view key) {
  const Fact* const fact = find(key);
  if (fact == nullptr) return std::nullopt;
  if (const auto value = fact->number()) return value;
  refuse_kind(key, "numbers");
}

std::optional<std::size_t> ObjectReader::choice(std::string_view key,
                                                const std::vector<std::string_view>& words) {
  const std::optional<std::string> word = text(key);
  if (!word) return std::nullopt;
  const auto found = std::ranges::find(words, *word);
  if (found == words.end())
    refuse(path_of(key), *word, fmt::format("{}", fmt::join(words, ", ")),
           nearest_name(*word, words));
  return static_cast<std::size_t>(found - words.begin());
}

std::vector<std::string> ObjectReader::texts(std::string_view key) {
  const Fact* const fact = find(key);
  if (fact == nullptr) return {};
  if (const auto* const one = fact->as<std::string>()) return {*one};
  const auto* const list = fact->as<Fact::List>();
  std::vector<std::string> all;
  if (list != nullptr)
    for (const Fact& entry : *list)
      if (const auto* const text = entry.as<std::string>()) all.push_back(*text);
  if (list == nullptr || all.empty() || all.size() != list->size())
    refuse_kind(key, "a text, or a list of texts");
  return all;
}

const Fact::List& ObjectReader::list(std::string_view key) {
  const Fact& fact = need(key);
  if (const auto* const list = fact.as<Fact::List>()) return *list;
  refuse_kind(key, "a list");
}

void ObjectReader::done() const {
  for (const NamedFact& entry : *facts_) {
    if (std::ranges::find(known_, entry.name) != known_.end()) continue;
    const std::vector<std::string_view> known(known_.begin(), known_.end());
    refuse(path_of(entry.name), "no such key", fmt::format("{}", fmt::join(known, ", ")),
           nearest_name(entry.name, known));
  }
}

void ObjectReader::refuse_value(std::string_view key, const std::string& problem,
                                const std::string& allowed) const {
  refuse(path_of(key), problem, allowed);
}

std::string ObjectReader::path_of(std::string_view key) const {
  return fmt::format("{}: {}/{}", origin_, path_, key);
}

void ObjectReader::refuse_kind(std::string_view key, const std::string& allowed) const {
  refuse(path_of(key), json_text(*facts_->find(key)), allowed);
}

}  // namespace hdp
