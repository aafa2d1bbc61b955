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

}  // namespace

std::vector<Slice> slices_of(const TokenPickerConfig& config, std::span<const Trace> sequences) {
  std::vector<Slice> slices;
  const Trace& first = sequences.front();
  const auto each = [&](std::int64_t layer, const auto& action) {
    for (std::size_t s = 0; s < sequences.size(); ++s)
      if (layer < sequences[s].layers()) action(static_cast<std::int64_t>(s), sequences[s]);
  };
  std::int64_t layers = 0;
  std::size_t steps = 0;
  std::vector<std::vector<std::int64_t>> heads(sequences.size());
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    layers = std::max(layers, sequences[s].layers());
    for (std::int64_t layer = 0; layer < sequences[s].layers(); ++layer) {
      check_vectors(config, sequences[s], layer);
      heads[s].push_back(heads_of_slice(config, sequences[s], layer));
      steps = std::max(steps, problems(sequences[s], layer).size());
    }
  }
  const auto heads_at = [&](std::int64_t s, std::int64_t layer) {
    return heads[static_cast<std::size_t>(s)][static_cast<std::size_t>(layer)];
  };
  const bool decode = first.stage() == Stage::Decode;
  for (std::size_t step = 0; step < steps; ++step)
    for (std::int64_t layer = 0; layer < layers; ++layer)
      each(layer, [&](std::int64_t s, const Trace& trace) {
        const std::vector<Problem> all = problems(trace, layer);
        if (step >= all.size()) return;
        const Problem& problem = all[step];
        for (std::int64_t stored = 0; stored < trace.shape(layer).kv_heads; ++stored)
          for (std::int64_t i = 0; i < problem.queries; ++i)
            add(slices, trace,
                {.sequence = s,
                 .layer = layer,
                 .problem = decode ? static_cast<std::int64_t>(step) : i,
                 .stored_head = stored,
                 .query = problem.first_query + i,
                 .tokens = problem.visible(i)},
                heads_at(s, layer));
      });
  return slices;
}

}  // namespace hdp::token_picker
