// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/study/calibrate.hpp>
#include <hdp/study/measures.hpp>

namespace hdp {
namespace {

/// The share that a measure is, or the size of an error.
double value_of(std::string_view key, std::string_view text) {
  const bool is_error = key == "relative_frobenius";
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool good = error == std::errc() && stop == end && std::isfinite(value) && value >= 0 &&
                    (is_error || value <= 1);
  if (!good)
    refuse(std::string(key), fmt::format("'{}'", text),
           is_error ? "a number of 0 or more" : "a share from 0 to 1");
  return value;
}

std::size_t place_of(const Target& target) {
  return static_cast<std::size_t>(std::ranges::find(kMeasures, target.key) - kMeasures.begin());
}

}  // namespace

Target read_target(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    refuse(std::string(text), "is no target", "KEY=VALUE, such as mass_kept=0.95");
  const std::string_view key = text.substr(0, equals);
  if (std::ranges::find(kMeasures, key) == kMeasures.end())
    refuse(std::string(key), "is no measure", fmt::format("{}", fmt::join(kMeasures, ", ")),
           nearest_name(key, kMeasures));
  return {std::string(key), value_of(key, text.substr(equals + 1))};
}

std::vector<Target> read_targets(std::span<const std::string> texts) {
  std::vector<Target> targets;
  for (const std::string& text : texts) targets.push_back(read_target(text));
  std::ranges::stable_sort(targets, {}, place_of);
  const auto twice = std::ranges::adjacent_find(targets, {}, &Target::key);
  if (twice != targets.end()) refuse(twice->key, "is a target twice", "one value");
  return targets;
}

}  // namespace hdp
