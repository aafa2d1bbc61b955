// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/loads.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include <hdp/base/check.hpp>

namespace hdp::layer {
namespace {

std::int64_t steps_of(const Trace& trace) {
  return trace.stage() == Stage::Decode ? trace.steps() : 1;
}

std::vector<std::int32_t> all_heads(const LayerShape& shape) {
  std::vector<std::int32_t> heads(static_cast<std::size_t>(shape.heads));
  std::iota(heads.begin(), heads.end(), 0);
  return heads;
}

/// Query heads, and the heads of K and V that they read.
class Heads {
 public:
  void add(const std::vector<std::int32_t>& heads, const LayerShape& shape) {
    HDP_CHECK(std::ssize(heads) <= shape.heads, "no more is alive than there was");
    for (const std::int32_t head : heads) {
      queries_.insert(head);
      stored_.insert(head / (shape.heads / shape.kv_heads));
    }
  }
  [[nodiscard]] std::int64_t queries() const { return std::ssize(queries_); }
  [[nodiscard]] std::int64_t stored() const { return std::ssize(stored_); }

 private:
  std::set<std::int32_t> queries_;
  std::set<std::int64_t> stored_;
};

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
      Heads heads;  // of all sequences: their weights are there for whoever needs them
      for (std::int64_t s = 0; s < std::ssize(sequences); ++s) {
        const Trace& trace = sequences[static_cast<std::size_t>(s)];
        if (step >= steps_of(trace)) continue;
        const LayerShape& shape = trace.shape(layer);
        const std::int64_t tokens = trace.stage() == Stage::Decode ? 1 : shape.n_q;
        const auto found = left.find({s, layer, step});
        const bool pruned = found != left.end();
        const std::int64_t alive_tokens = pruned ? found->second.tokens.value_or(tokens) : tokens;
        HDP_CHECK(alive_tokens <= tokens, "no more is alive than there was");
        load.sizes.tokens += alive_tokens;
        heads.add(pruned ? found->second.heads : all_heads(shape), shape);
      }
      load.sizes.heads = heads.queries();
      load.sizes.kv_heads = heads.stored();
      if (load.sizes.tokens > 0 && load.sizes.heads > 0) loads.push_back(load);
    }
  return loads;
}

}  // namespace hdp::layer
