// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/base/facts.hpp>

namespace hdp {

Facts::Facts() = default;
Facts::Facts(const Facts&) = default;
Facts::Facts(Facts&&) noexcept = default;
Facts& Facts::operator=(const Facts&) = default;
Facts& Facts::operator=(Facts&&) noexcept = default;
Facts::~Facts() = default;

std::size_t Facts::size() const { return facts_.size(); }
const NamedFact* Facts::begin() const { return facts_.data(); }
const NamedFact* Facts::end() const { return facts_.data() + facts_.size(); }

Facts::Facts(std::initializer_list<NamedFact> facts) {
  for (const NamedFact& fact : facts) set(fact.name, fact.value);
}

void Facts::set(std::string name, Fact value) {
  const auto found = std::ranges::find(facts_, name, &NamedFact::name);
  if (found != facts_.end())
    found->value = std::move(value);
  else
    append(std::move(name), std::move(value));
}

void Facts::append(std::string name, Fact value) {
  facts_.push_back({std::move(name), std::move(value)});
}

void Facts::update(const Facts& others) {
  for (const NamedFact& fact : others) set(fact.name, fact.value);
}

const Fact* Facts::find(std::string_view name) const {
  const auto found = std::ranges::find(facts_, name, &NamedFact::name);
  return found == facts_.end() ? nullptr : &found->value;
}

void Facts::erase(std::string_view name) {
  std::erase_if(facts_, [=](const NamedFact& fact) { return fact.name == name; });
}

bool operator==(const Facts& a, const Facts& b) { return a.facts_ == b.facts_; }

Fact::Fact(Int128 value) : value_(value) {
  if (const auto narrow = static_cast<std::int64_t>(value); narrow == value) value_ = narrow;
}
Fact::Fact(const Fact&) = default;
Fact::Fact(Fact&&) noexcept = default;
Fact& Fact::operator=(const Fact&) = default;
Fact& Fact::operator=(Fact&&) noexcept = default;
Fact::~Fact() = default;

std::optional<double> Fact::number() const {
  if (const auto* integer = as<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* wide = as<Int128>()) return static_cast<double>(*wide);
  if (const auto* real = as<double>()) return *real;
  return std::nullopt;
}

}  // namespace hdp
