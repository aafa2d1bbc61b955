// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/check.hpp>
#include <hdp/machine/knob.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kLeastDigits = 10'000;              // five significant ones
constexpr std::int64_t kStepsOfDecade = 9 * kLeastDigits;  // 10,000 to 99,999
constexpr int kDecimals = 4;                               // of 1.0000
constexpr std::array<double, 23> kPowers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// digits * 10^exponent; one operation on doubles that are exact, so the nearest double.
double decimal(std::int64_t digits, std::int64_t exponent) {
  const double power = kPowers.at(static_cast<std::size_t>(std::abs(exponent)));
  const auto number = static_cast<double>(digits);
  return exponent < 0 ? number / power : number * power;
}

std::string text_of(const Knob& knob, const Knob::Part& part, std::int64_t step) {
  const double value = part.at_zero + part.slope * knob.scale.value(step);
  return fmt::format("{}", std::clamp(value, part.least, part.most));
}

}  // namespace

double KnobScale::value(std::int64_t step) const {
  if (per_unit != 0)
    return std::clamp(static_cast<double>(step) / static_cast<double>(per_unit), least, most);
  if (step == 0) return 0;
  const std::int64_t place = std::abs(step) - 1;
  const double size =
      decimal(kLeastDigits + place % kStepsOfDecade, decade - kDecimals + place / kStepsOfDecade);
  return std::clamp(step < 0 ? -size : size, least, most);
}

KnobScale shares() {
  constexpr std::int64_t kPerUnit = 10'000;
  return {.first = 0, .last = kPerUnit, .per_unit = kPerUnit};
}

KnobScale magnitudes(int lowest, int highest) {
  return {.first = 0, .last = kStepsOfDecade * (highest - lowest), .per_unit = 0, .decade = lowest};
}

const KnobMove* Knob::move_of(std::string_view key) const {
  const auto found = std::ranges::find(moves, key, &KnobMove::key);
  return found == moves.end() ? nullptr : &*found;
}

std::vector<std::string> Knob::changes(std::int64_t step) const {
  if (form == KnobForm::List) return changes(std::span(&step, 1));
  std::vector<std::string> all;
  for (const Part& part : parts)
    all.push_back(fmt::format("{}={}", part.path, text_of(*this, part, step)));
  return all;
}

std::vector<std::string> Knob::changes(std::span<const std::int64_t> steps) const {
  HDP_CHECK(parts.size() == 1 && form != KnobForm::Number, "a knob with a value a layer");
  std::vector<std::string> values;
  for (const std::int64_t step : steps) values.push_back(text_of(*this, parts.front(), step));
  const std::string list = fmt::format("{}", fmt::join(values, ", "));
  return {fmt::format("{}={}", parts.front().path,
                      form == KnobForm::List ? fmt::format("[{}]", list) : list)};
}

}  // namespace hdp
