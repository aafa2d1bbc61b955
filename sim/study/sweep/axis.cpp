// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/sweep/axis.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMostValues = 1'000'000;

/// Twelve digits: 0.3 and not 0.30000000000000004, and the same with every C library.
double rounded(double value) { return std::stod(fmt::format("{:.12g}", value)); }

Fact value_of(const SweepSpan& span, double at) {
  const double value = span.log ? span.from * std::pow(span.to / span.from, at)
                                : span.from + (span.to - span.from) * at;
  if (span.whole) return std::llround(value);
  return rounded(value);
}

/// An end, or nothing where it is no number that can be counted from.
bool is_whole(const Fact& end) { return end.as<std::int64_t>() != nullptr; }

SweepSpan read_span(ObjectReader& axis) {
  const Fact &from = axis.need("from"), &to = axis.need("to");
  SweepSpan span{*axis.number("from"), *axis.number("to")};
  span.whole = is_whole(from) && is_whole(to);
  span.log = axis.choice("scale", {"linear", "log"}).value_or(0) == 1;
  if (span.from == span.to) axis.refuse_value("to", "is from", "two ends");
  if (span.log && (span.from <= 0 || span.to <= 0))
    axis.refuse_value("scale", "log, and an end is not above 0", "ends above 0");
  constexpr double kMostWhole = 9e15;
  if (span.whole && std::max(std::abs(span.from), std::abs(span.to)) > kMostWhole)
    axis.refuse_value("to", "is too large for a whole number", "at most 9e15");
  return span;
}

Fact::List spread(const SweepSpan& span, std::int64_t count) {
  Fact::List values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(
        value_of(span, count == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1)));
  return values;
}

void refuse_doubles(ObjectReader& axis, const char* key, const Fact::List& values) {
  std::set<std::string> seen;
  for (const Fact& value : values)
    if (std::string text = json_text(value); !seen.insert(text).second)
      axis.refuse_value(key, fmt::format("gives {} twice", text), "values that differ");
}

SweepAxis read_zip(ObjectReader& axis) {
  SweepAxis zipped;
  const Fact::List& parts = axis.list("zip");
  if (parts.size() < 2) axis.refuse_value("zip", "has fewer than two axes", "two or more");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    SweepAxis part = read_axis(
        ObjectReader(parts[i], axis.origin(),
                     fmt::format("{}/{}", axis.path_of("zip").substr(axis.origin().size() + 2), i)),
        false);
    if (!zipped.settings.empty() && part.size() != zipped.size())
      axis.refuse_value(
          "zip", fmt::format("axis {} has {} values, the first {}", i, part.size(), zipped.size()),
          "as many values in each");
    std::ranges::move(part.settings, std::back_inserter(zipped.settings));
  }
  return zipped;
}

}  // namespace

Fact SweepAxis::value_at(std::size_t s, double at) const {
  if (span) return value_of(*span, at);
  const Fact::List& values = settings[s].values;
  const auto place = static_cast<std::size_t>(at * static_cast<double>(values.size()));
  return values[std::min(place, values.size() - 1)];
}

SweepAxis read_axis(ObjectReader axis, bool spans) {
  if (axis.find("zip") != nullptr) {
    SweepAxis zipped = read_zip(axis);
    axis.done();
    return zipped;
  }
  SweepAxis read;
  axis.need("path");
  SweepAxis::Setting& setting = read.settings.emplace_back(SweepAxis::Setting{*axis.text("path")});
  if (axis.find("values") != nullptr) {
    setting.values = axis.list("values");
    if (setting.values.empty()) axis.refuse_value("values", "is empty", "one value or more");
    refuse_doubles(axis, "values", setting.values);
  } else {
    const SweepSpan span = read_span(axis);
    const auto count = axis.integer("count", 1, kMostValues);
    if (!count && !spans) axis.need("count");
    if (count) {
      setting.values = spread(span, *count);
      refuse_doubles(axis, "count", setting.values);
    } else {
      read.span = span;
    }
  }
  axis.done();
  return read;
}

Facts facts_of(const SweepAxis& axis) {
  const auto facts_of_setting = [](const SweepAxis::Setting& setting) {
    return Facts{{"path", setting.path}, {"values", setting.values}};
  };
  if (axis.span) {
    const auto end = [&](double value) {
      return axis.span->whole ? Fact(static_cast<std::int64_t>(value)) : Fact(value);
    };
    return {{"path", axis.settings.front().path},
            {"from", end(axis.span->from)},
            {"to", end(axis.span->to)},
            {"scale", axis.span->log ? "log" : "linear"}};
  }
  if (axis.settings.size() == 1) return facts_of_setting(axis.settings.front());
  Fact::List parts;
  for (const SweepAxis::Setting& setting : axis.settings)
    parts.emplace_back(facts_of_setting(setting));
  return {{"zip", std::move(parts)}};
}

}  // namespace hdp
