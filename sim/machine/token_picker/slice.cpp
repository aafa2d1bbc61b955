// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/slice.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp::token_picker {
namespace {

constexpr std::int64_t kMostHeads = 32;  // a bit each in a verdict

/// Heads for which a buffer has room; `bits` of each. UserError where there is none for one.
std::int64_t heads_in(std::string_view setting, std::int64_t bytes, std::int64_t bits,
                      std::string_view what, const Trace& trace, std::int64_t layer) {
  if (bits > 8 * bytes)
    refuse(fmt::format("/{}", setting),
           fmt::format("{} bytes do not hold {} of {}, layer {}", bytes, what, trace.name(), layer),
           fmt::format("at least {}", ceil_div(bits, 8)));
  return 8 * bytes / bits;
}

std::int64_t heads_of_slice(const TokenPickerConfig& config, const Trace& trace,
                            std::int64_t layer) {
  const LayerShape& shape = trace.shape(layer);
  const std::int64_t room =
      std::min({heads_in("score_buffer_bytes", config.score_buffer_bytes,
                         8 * shape.n_k * Slice::kScoreBytes, "a head's scores", trace, layer),
                heads_in("query_buffer_bytes", config.query_buffer_bytes,
                         shape.d * config.prune.query_bits, "a query", trace, layer),
                kMostHeads});
  const std::int64_t group = shape.heads / shape.kv_heads;
  const std::int64_t wanted = config.slice_heads == 0 ? group : std::min(config.slice_heads, group);
  if (config.slice_heads != 0 && wanted > room)
    refuse("/slice_heads", fmt::format("{}", config.slice_heads),
           fmt::format("at most {} heads of {} in the buffers, or 0: as many as fit", room,
                       trace.name()));
  return std::min(wanted, room);
}

void check_vectors(const TokenPickerConfig& config, const Trace& trace, std::int64_t layer) {
  const std::int64_t d = trace.shape(layer).d;
  std::int64_t widest = config.prune.value_bits;
  for (const std::int64_t bits : config.prune.chunk_bits) widest = std::max(widest, bits);
  const std::int64_t bytes = ceil_div(d * widest, 8);
  const auto at_least = [&](std::string_view setting, std::int64_t given) {
    if (given < bytes)
      refuse(
          fmt::format("/{}", setting),
          fmt::format("{} bytes do not hold a vector of {} elements of {} bits", given, d, widest),
          fmt::format("at least {}", bytes));
  };
  at_least("kv_buffer/bytes", config.kv_buffer.bytes);
  at_least("fetch/request_bytes", config.fetch.request_bytes);
}

/// A layer of a sequence: its problems, and how many heads go together.
struct Layer {
  std::vector<Problem> problems;
  std::int64_t slice_heads = 1;
};

/// Adds all slices of a problem's query.
void add(std::vector<Slice>& slices, const Trace& trace, Slice slice, std::int64_t most_heads) {
  const LayerShape& shape = trace.shape(slice.layer);
  const std::int64_t group = shape.heads / shape.kv_heads;
  const bool decode = trace.stage() == Stage::Decode;
  for (std::int64_t first = 0; first < group; first += most_heads) {
    slice.first_head = slice.stored_head * group + first;
    slice.heads = std::min(most_heads, group - first);
    slice.appends = decode && first == 0;
    slices.push_back(slice);
  }
}

/// Adds what a layer does in a step; a prefill has one, with many queries.
void add_step(std::vector<Slice>& slices, const Trace& trace, Slice slice, const Layer& layer) {
  const std::int64_t step = slice.problem;
  const Problem& problem = layer.problems[static_cast<std::size_t>(step)];
  for (std::int64_t stored = 0; stored < trace.shape(slice.layer).kv_heads; ++stored)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      slice.problem = step + i;
      slice.stored_head = stored;
      slice.query = problem.first_query + i;
      slice.tokens = problem.visible(i);
      add(slices, trace, slice, layer.slice_heads);
    }
}

}  // namespace

std::vector<Slice> slices_of(const TokenPickerConfig& config, std::span<const Trace> sequences) {
  const std::int64_t layers = sequences.front().layers();
  std::vector<std::vector<Layer>> places(sequences.size());  // by sequence and layer
  std::int64_t steps = 0;
  for (std::size_t s = 0; s < sequences.size(); ++s)
    for (std::int64_t layer = 0; layer < layers; ++layer) {
      check_vectors(config, sequences[s], layer);
      places[s].push_back(
          {problems(sequences[s], layer), heads_of_slice(config, sequences[s], layer)});
      steps = std::max(steps, std::ssize(places[s].back().problems));
    }
  std::vector<Slice> slices;
  for (std::int64_t step = 0; step < steps; ++step)
    for (std::int64_t layer = 0; layer < layers; ++layer)
      for (std::size_t s = 0; s < sequences.size(); ++s) {
        const Layer& place = places[s][static_cast<std::size_t>(layer)];
        if (step < std::ssize(place.problems))
          add_step(slices, sequences[s],
                   {.sequence = static_cast<std::int64_t>(s), .layer = layer, .problem = step},
                   place);
      }
  return slices;
}

}  // namespace hdp::token_picker
