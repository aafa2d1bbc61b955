// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>

namespace hdp {
namespace {

// As much of a part of a message as somebody reads.
constexpr std::size_t kLongestPart = 600;
constexpr std::size_t kLongestList = 4000;  // what is allowed: mostly names of ours

std::string text_of(const Mistake& m) {
  const std::string problem = one_line(m.problem, kLongestPart);
  std::string text =
      m.path.empty() ? problem : fmt::format("{}: {}", one_line(m.path, kLongestPart), problem);
  if (!m.unit.empty()) text += fmt::format(" [{}]", one_line(m.unit, kLongestPart));
  if (!m.allowed.empty()) text += fmt::format("; allowed: {}", one_line(m.allowed, kLongestList));
  if (!m.nearest.empty())
    text += fmt::format("; did you mean '{}'?", one_line(m.nearest, kLongestPart));
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substitute});
    }
  }
  return row.back();
}

}  // namespace

UserError::UserError(Mistake mistake)
    : std::runtime_error(text_of(mistake)), mistake_(std::move(mistake)) {}

UserError UserError::within(std::string_view prefix) const {
  Mistake outer = mistake_;
  outer.path = outer.path.empty() ? std::string(prefix) : fmt::format("{}: {}", prefix, outer.path);
  return UserError(std::move(outer));
}

void refuse(std::string path, std::string problem, std::string allowed, std::string nearest) {
  throw UserError({.path = std::move(path),
                   .problem = std::move(problem),
                   .unit = {},
                   .allowed = std::move(allowed),
                   .nearest = std::move(nearest)});
}

std::string nearest_name(std::string_view wanted, std::span<const std::string_view> known) {
  constexpr std::size_t kLongestCompared = 64;
  const std::string_view clipped = wanted.substr(0, kLongestCompared);
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, clipped.size() / 2);
  for (const std::string_view name : known) {
    const std::size_t distance = edit_distance(clipped, name);
    if (distance < best_distance || (distance == best_distance && best.empty())) {
      best = name;
      best_distance = distance;
    }
  }
  return std::string(best);
}

}  // namespace hdp
