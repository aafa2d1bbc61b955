// SPDX-License-Identifier: Apache-2.0
#include "mutate.hpp"

#include <array>
#include <map>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/schema.hpp>

namespace hdp::fuzz {
namespace {

/// What settings hardly ever allow.
Fact nasty_value(RandomStream& random) {
  switch (random.below(12)) {
    case 0:
      return nullptr;
    case 1:
      return Fact::List{};
    case 2:
      return Facts{};
    case 3:
      return "";
    case 4:
      return std::string("\x01\x7f\n\0\xc2\x85\xff", 7);
    case 5:
      return std::string(300, 'x');
    case 6:
      return -1;
    case 7:
      return std::int64_t{1} << random.below(63);
    case 8:
      return Int128{1} << 63U;
    case 9:
      return any_of(random, std::array{1e308, -1e300, 5e-324, -0.0, 0.1});
    case 10:
      return one_in(random, 2);
    default:
      return Fact::List{Fact(1), Fact(Fact::List{Fact(Facts{{"a", 1}})})};
  }
}

}  // namespace

Fact with_noise(const Fact& document, RandomStream& random) {
  const auto* const facts = document.as<Facts>();
  if (facts != nullptr && !facts->empty() && !one_in(random, 6)) {
    const NamedFact& chosen = facts->begin()[random.below(facts->size())];
    Facts other = *facts;
    if (one_in(random, 8))
      other.set(chosen.name + "x", chosen.value);
    else
      other.set(chosen.name, with_noise(chosen.value, random));
    return other;
  }
  const auto* const list = document.as<Fact::List>();
  if (list != nullptr && !list->empty() && !one_in(random, 6)) {
    Fact::List other = *list;
    Fact& chosen = other[random.below(other.size())];
    chosen = with_noise(chosen, random);
    if (one_in(random, 8)) other.push_back(Fact(chosen));
    return other;
  }
  return nasty_value(random);
}

std::string with_other_bytes(std::string text, RandomStream& random) {
  for (std::int64_t i = between(random, 1, 4); i > 0; --i) {
    const std::size_t at = random.below(text.size() + 1);
    const std::size_t size = std::min<std::size_t>(random.below(8), text.size() - at);
    switch (random.below(4)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, text.substr(random.below(text.size() + 1), 1 + random.below(16)));
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(random.below(256)));
        break;
      default:
        if (at < text.size())
          text[at] =
              static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << random.below(8)));
    }
  }
  return text;
}

std::string mutate_document(std::string_view text, const Facts& schema, RandomStream& random) {
  Fact document = facts_in(text);
  for (std::int64_t i = between(random, 1, 4); i > 0; --i) {
    const auto* const facts = document.as<Facts>();
    if (facts == nullptr || one_in(random, 16))
      document = with_noise(document, random);
    else
      document = with_setting(*facts, schema, random);
  }
  return facts_text(document, -1);
}

Facts facts_in(std::string_view text) {
  try {
    const Fact parsed = parse_facts(text, "input");
    if (const auto* const facts = parsed.as<Facts>()) return *facts;
  } catch (const UserError&) {
  }
  return {};
}

const Facts& schema_of(const std::string& name) {
  static std::map<std::string, Facts> known;
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  return known.emplace(name, *parse_facts(schema(name), name).as<Facts>()).first->second;
}

}  // namespace hdp::fuzz
