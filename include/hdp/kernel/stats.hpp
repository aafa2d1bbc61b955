// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ranges>
#include <string_view>
#include <type_traits>

namespace hdp {

/// How a counter of the struct S presents itself.
template <class S>
struct Stat {
  std::int64_t S::*member;
  std::string_view name;  ///< The member's own name; the key in reports.
  std::string_view unit;
  std::string_view doc;
};

/// A plain struct of counters, with a table `kFields` of Stat<S> that names them all.
template <class S>
concept Stats = std::is_trivially_copyable_v<S> && requires {
  requires std::ranges::sized_range<decltype(S::kFields)>;
  requires std::is_same_v<std::ranges::range_value_t<decltype(S::kFields)>, Stat<S>>;
  requires sizeof(S) == S::kFields.size() * sizeof(std::int64_t);  // none forgotten
};

/// What was counted from `then` to `now`.
template <Stats S>
[[nodiscard]] S since(S now, const S& then) {
  for (const Stat<S>& field : S::kFields) now.*field.member -= then.*field.member;
  return now;
}

/// Calls f(name, unit, doc, value) for each counter in the order of the table.
template <Stats S, class F>
void for_each_stat(const S& stats, F&& f) {
  for (const Stat<S>& field : S::kFields) {
    f(field.name, field.unit, field.doc, stats.*field.member);
  }
}

}  // namespace hdp
