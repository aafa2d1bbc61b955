// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/group.hpp"

#include <string_view>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>

namespace hdp::leopard {
namespace {

/// How many of `each` bytes a buffer takes; UserError where it takes none.
std::int64_t room(std::string_view setting, std::int64_t bytes, std::int64_t each,
                  std::string_view what, const Trace& trace, std::int64_t layer) {
  if (bytes < each)
    refuse(fmt::format("/{}", setting),
           fmt::format("{} bytes do not hold {} of {}, layer {}", bytes, what, trace.name(), layer),
           fmt::format("at least {}", each));
  return bytes / each;
}

/// A head that fits is loaded whole. Of one that does not, half as many keys at a time as fit, so
/// that the next are loaded while these are played.
std::int64_t piece_keys(std::int64_t room, std::int64_t keys) {
  return keys <= room ? keys : std::max<std::int64_t>(1, room / 2);
}

struct Layer {
  std::vector<Problem> problems;
  std::int64_t keys_room = 0, rows_room = 0;
};

Layer layer_of(const LeopardConfig& config, const Trace& trace, std::int64_t layer) {
  const RowBytes bytes = row_bytes(config, trace.shape(layer).d);
  const auto fit = [&](std::string_view setting, std::int64_t given, std::int64_t each,
                       std::string_view what) {
    return room(setting, given, each, what, trace, layer);
  };
  return {problems(trace, layer),
          std::min(fit("key_buffer_bytes", config.key_buffer_bytes, bytes.k, "a key"),
                   fit("value_buffer_bytes", config.value_buffer_bytes, bytes.v, "a row of V")),
          fit("row_buffer_bytes", config.row_buffer_bytes, bytes.under_way(), "a query's row")};
}

void add_problem(std::vector<Group>& groups, const Trace& trace, Group group, const Layer& layer) {
  const LayerShape& shape = trace.shape(group.layer);
  group.heads = shape.heads / shape.kv_heads;
  group.appends = trace.stage() == Stage::Decode;
  group.piece_keys = piece_keys(layer.keys_room, group.problem.keys);
  group.rows_stay = group.rows() <= layer.rows_room;
  for (group.stored_head = 0; group.stored_head < shape.kv_heads; ++group.stored_head) {
    group.first_head = group.stored_head * group.heads;
    groups.push_back(group);
  }
}

}  // namespace

RowBytes row_bytes(const LeopardConfig& config, std::int64_t d) {
  constexpr std::int64_t kSumBytes = 4, kOutputBits = 16;
  const auto bytes = [d](std::int64_t bits) { return ceil_div(d * bits, 8); };
  // d sums of weighted values, the sum of the weights, and the largest score.
  return {bytes(config.prune.q_bits), bytes(config.prune.k_bits), bytes(config.prune.v_bits),
          (d + 2) * kSumBytes, bytes(kOutputBits)};
}

std::vector<Group> groups_of(const LeopardConfig& config, std::span<const Trace> sequences) {
  const std::int64_t layers = sequences.front().layers();
  std::vector<std::vector<Layer>> places(sequences.size());  // by sequence and layer
  std::int64_t numbers = 0;
  for (std::size_t s = 0; s < sequences.size(); ++s)
    for (std::int64_t layer = 0; layer < layers; ++layer) {
      places[s].push_back(layer_of(config, sequences[s], layer));
      numbers = std::max(numbers, std::ssize(places[s].back().problems));
    }
  std::vector<Group> groups;
  for (std::int64_t number = 0; number < numbers; ++number)
    for (std::int64_t layer = 0; layer < layers; ++layer)
      for (std::size_t s = 0; s < sequences.size(); ++s) {
        const Layer& place = places[s][static_cast<std::size_t>(layer)];
        if (number >= std::ssize(place.problems)) continue;
        add_problem(groups, sequences[s],
                    {.sequence = static_cast<std::int64_t>(s),
                     .layer = layer,
                     .number = number,
                     .problem = place.problems[static_cast<std::size_t>(number)]},
                    place);
      }
  return groups;
}

}  // namespace hdp::leopard
