// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <hdp/base/facts.hpp>
#include <hdp/base/random.hpp>

namespace hdp::fuzz {

/// From low to high, both included.
inline std::int64_t between(RandomStream& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low) + 1));
}
inline bool one_in(RandomStream& random, std::uint64_t chances) {
  return random.below(chances) == 0;
}
template <class List>
auto any_of(RandomStream& random, const List& list) {
  return list[random.below(std::size(list))];
}

/// A value that the schema of a setting takes: near the default as a rule, at an end now and then,
/// within what a small run can hold. `name` is that of the setting: free texts are drawn by it.
Fact draw_value(const Facts& schema, std::string_view name, RandomStream& random);

/// `document` with one setting of its schema drawn anew, or left out. Groups are drawn from as
/// often as single settings beside them, whatever their size.
Facts with_setting(Facts document, const Facts& schema, RandomStream& random);

/// With a value somewhere that no schema takes, as a rule.
Fact with_noise(const Fact& document, RandomStream& random);

/// Some bytes changed, left out, doubled.
std::string with_other_bytes(std::string text, RandomStream& random);

/// A mutator of JSON text: mostly settings, some noise; of what is no object a new one.
std::string mutate_document(std::string_view text, const Facts& schema, RandomStream& random);

/// The facts of a JSON object; none where the text is no object.
Facts facts_in(std::string_view text);

/// The schema of that name (`hdpsim schema NAME`).
const Facts& schema_of(const std::string& name);

}  // namespace hdp::fuzz
