// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/strips.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>

namespace hdp::sta {
namespace {

constexpr std::int64_t kScoreBytes = 4;

/// Rows of the array, or fewer where half of the score buffer holds no more.
std::int64_t strip_rows(const StaConfig& config, const Trace& trace, std::int64_t keys) {
  const std::int64_t fit = config.score_buffer_bytes / 2 / (keys * kScoreBytes);
  if (fit == 0)
    refuse("/score_buffer_bytes",
           fmt::format("half of {} bytes does not hold a row of {} scores of {}",
                       config.score_buffer_bytes, keys, trace.name()),
           fmt::format("at least {}", 2 * keys * kScoreBytes));
  return std::min(config.array.rows, fit);
}

void add_groups(const StaConfig& config, const Trace& trace, const Group& place,
                const Problem& problem, Round& round) {
  const LayerShape& shape = trace.shape(place.layer);
  Group group = place;
  group.shape = shape;
  group.heads = shape.heads / shape.kv_heads;
  group.keys = problem.keys;
  group.appends = trace.stage() == Stage::Decode;
  group.strip_rows = strip_rows(config, trace, problem.keys);
  for (std::int64_t stored = 0; stored < shape.kv_heads; ++stored) {
    group.stored_head = stored;
    group.first_head = stored * group.heads;
    group.rows.clear();
    for (std::int64_t h = 0; h < group.heads; ++h)
      for (std::int64_t i = 0; i < problem.queries; ++i)
        group.rows.push_back({group.first_head + h, problem.first_query + i, problem.visible(i)});
    round.push_back(group);
  }
}

}  // namespace

std::int64_t Group::strips() const { return ceil_div(std::ssize(rows), strip_rows); }

std::span<const Row> Group::strip(std::int64_t number) const {
  const std::int64_t first = number * strip_rows;
  return std::span(rows).subspan(
      static_cast<std::size_t>(first),
      static_cast<std::size_t>(std::min(strip_rows, std::ssize(rows) - first)));
}

std::int64_t rounds_of(std::span<const Trace> sequences) {
  std::int64_t steps = 0;
  for (const Trace& trace : sequences) steps = std::max(steps, std::ssize(problems(trace, 0)));
  return steps * sequences.front().layers();
}

Round round_of(const StaConfig& config, std::span<const Trace> sequences, std::int64_t number) {
  const std::int64_t layers = sequences.front().layers();
  const std::int64_t layer = number % layers, step = number / layers;
  Round round;
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    const std::vector<Problem> all = problems(sequences[s], layer);
    if (step < std::ssize(all))
      add_groups(config, sequences[s],
                 {.sequence = static_cast<std::int64_t>(s), .layer = layer, .problem = step},
                 all[static_cast<std::size_t>(step)], round);
  }
  return round;
}

}  // namespace hdp::sta
