// SPDX-License-Identifier: Apache-2.0
#include "report/change_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include <hdp/base/check.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>

namespace hdp {
namespace {

constexpr std::size_t kLongestValue = 120;

std::optional<Int128> integer_of(const Fact& fact) {
  if (const auto* const integer = fact.as<std::int64_t>()) return *integer;
  if (const auto* const wide = fact.as<Int128>()) return *wide;
  return std::nullopt;
}

}  // namespace

std::string value_line(const Fact& value) { return one_line(json_text(value), kLongestValue); }

std::string value_line(const std::optional<Fact>& value) {
  return value ? value_line(*value) : "missing";
}

Fact difference_of(const Fact& before, const Fact& after) {
  const auto from = integer_of(before), to = integer_of(after);
  Int128 exact = 0;
  if (from && to && !__builtin_sub_overflow(*to, *from, &exact)) return exact;
  HDP_CHECK(before.number() && after.number(), "numbers have a difference");
  return *after.number() - *before.number();
}

std::optional<double> relative_change(const Fact& before, const Fact& after) {
  const double magnitude = std::abs(before.number().value_or(0));
  if (magnitude == 0 || !after.number()) return std::nullopt;
  return *difference_of(before, after).number() / magnitude;
}

std::string percent_text(double relative) {
  constexpr int kDigits = 3, kMostDigits = 20;
  const double percent = relative * 100;
  int digits = kDigits;
  for (double shown = std::abs(percent) * 1e3; shown < 0.5 && digits < kMostDigits; shown *= 10)
    ++digits;
  return fmt::format("{:+.{}f} %", percent, digits);
}

}  // namespace hdp
