// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/loads.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <hdp/base/check.hpp>

namespace hdp::layer {
namespace {

std::int64_t steps_of(const Trace& trace) {
  return trace.stage() == Stage::Decode ? trace.steps() : 1;
}

/// Joins what a sequence makes of a layer: weights are there for whoever needs them.
void add(const AliveLayer& made, LayerSizes& sizes) {
  sizes.tokens += *made.tokens;
  sizes.heads = std::max(sizes.heads, made.heads);
  sizes.kv_heads = std::max(sizes.kv_heads, made.kv_heads);
}

using Place = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // sequence, layer, step

std::map<Place, AliveLayer> by_place(std::span<const AliveLayer> alive) {
  std::map<Place, AliveLayer> places;
  for (const AliveLayer& layer : alive) places[{layer.sequence, layer.layer, layer.step}] = layer;
  return places;
}

}  // namespace

std::vector<Load> loads_of(std::span<const Trace> sequences, const LayerWidths& widths,
                           std::span<const AliveLayer> alive) {
  const std::int64_t steps = steps_of(std::ranges::max(sequences, {}, steps_of));
  const std::map<Place, AliveLayer> left = by_place(alive);
  std::vector<Load> loads;
  for (std::int64_t step = 0; step < steps; ++step)
    for (std::int64_t layer = 0; layer < sequences.front().layers(); ++layer) {
      Load load{layer,
                step,
                {.hidden = widths.hidden,
                 .head_dim = sequences.front().shape(layer).d,
                 .ffn = widths.ffn,
                 .gated = widths.gated}};
      for (std::int64_t s = 0; s < std::ssize(sequences); ++s) {
        const Trace& trace = sequences[static_cast<std::size_t>(s)];
        if (step >= steps_of(trace)) continue;
        const LayerShape& shape = trace.shape(layer);
        const std::int64_t tokens = trace.stage() == Stage::Decode ? 1 : shape.n_q;
        const auto found = left.find({s, layer, step});
        AliveLayer made =
            found != left.end()
                ? found->second
                : AliveLayer{.tokens = tokens, .heads = shape.heads, .kv_heads = shape.kv_heads};
        made.tokens = made.tokens.value_or(tokens);
        HDP_CHECK(*made.tokens <= tokens && made.heads <= shape.heads,
                  "no more is alive than there was");
        add(made, load.sizes);
      }
      if (load.sizes.tokens > 0 && load.sizes.heads > 0) loads.push_back(load);
    }
  return loads;
}

}  // namespace hdp::layer
