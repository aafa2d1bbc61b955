// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "machine/hdp/layout_room.hpp"
#include <hdp/machine/hdp/layout.hpp>

namespace hdp {
namespace {

constexpr std::uint64_t kAlignment = 4096;  // tensors start on a page of DRAM

std::int64_t row_bytes(std::int64_t d, std::int64_t bits) { return ceil_div(d * bits, 8); }

/// Bits of a signed sum of d products of two integer parts, to whole bytes.
std::int64_t sum_bits(std::int64_t d, std::int64_t integer_bits) {
  const auto length = static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(d - 1)));
  return ceil_div(2 * (integer_bits - 1) + length + 1, 8) * 8;
}

void set_chunks(const HdpConfig& config, Layout& layout) {
  layout.k_fraction_row_bytes = 0;
  for (const std::int64_t bits : fraction_chunks(config.prune, layout.qk_widths.fraction_bits())) {
    layout.chunks.push_back({.bits = bits, .row_bytes = row_bytes(layout.shape.d, bits)});
    layout.k_fraction_row_bytes += layout.chunks.back().row_bytes;
  }
}

void set_widths(const HdpConfig& config, FixedPoint format, Layout& layout) {
  const std::int64_t d = layout.shape.d;
  layout.word_bits = format.word_bits;
  layout.qk_widths = {format.word_bits, format.integer_bits()};
  layout.word_row_bytes = row_bytes(d, layout.word_bits);
  if (config.pruning && config.core.fetch.planes == Planes::SplitOnFetch) {
    layout.integer_row_bytes = layout.word_row_bytes;  // the fraction plane comes with it
  } else {
    layout.integer_row_bytes = row_bytes(d, layout.qk_widths.integer_bits);
    layout.fraction_row_bytes = row_bytes(d, layout.qk_widths.fraction_bits());
  }
  layout.k_fraction_row_bytes = layout.fraction_row_bytes;
  if (config.estimates()) set_chunks(config, layout);
  layout.score_bits = layout.word_bits;
  if (!config.pruning) return;
  const std::int64_t score = sum_bits(d, layout.qk_widths.integer_bits);
  layout.score_bits = std::max(layout.score_bits, score);
  const auto block = static_cast<std::uint64_t>(config.prune.block_size);
  const auto scores = static_cast<std::int64_t>(std::bit_width(block * block - 1));
  layout.importance_bits = score + std::max<std::int64_t>(8, scores);
}

void place_tensors(Layout& layout, std::uint64_t next) {
  const LayerShape& shape = layout.shape;
  const auto place = [&](std::uint64_t& start, std::int64_t heads, std::int64_t rows,
                         std::int64_t bytes) {
    start = next;
    const auto size = static_cast<std::uint64_t>(heads * rows * bytes);
    next += (size + kAlignment - 1) / kAlignment * kAlignment;
  };
  place(layout.q_int, shape.heads, shape.n_q, layout.integer_row_bytes);
  place(layout.k_int, shape.kv_heads, shape.n_k, layout.integer_row_bytes);
  place(layout.q_frac, shape.heads, shape.n_q, layout.fraction_row_bytes);
  if (layout.chunks.empty())
    place(layout.k_frac, shape.kv_heads, shape.n_k, layout.k_fraction_row_bytes);
  for (ChunkPlane& chunk : layout.chunks)
    place(chunk.start, shape.kv_heads, shape.n_k, chunk.row_bytes);
  place(layout.q, shape.heads, shape.n_q, layout.word_row_bytes);
  place(layout.k, shape.kv_heads, shape.n_k, layout.word_row_bytes);
  place(layout.v, shape.kv_heads, shape.n_k, layout.word_row_bytes);
  place(layout.out, shape.heads, shape.n_q, layout.word_row_bytes);
  layout.end = next;
}

std::int64_t slice_heads(const HdpConfig& config, const LayerShape& shape, std::int64_t sequences) {
  const std::int64_t group = shape.heads / shape.kv_heads;
  const std::int64_t wanted = config.scheduling.slice_heads;
  return std::min(group, wanted == 0 ? ceil_div(sequences * shape.heads, config.cores) : wanted);
}

}  // namespace

Layout make_layout(const HdpConfig& config, const LayerShape& shape, const Problem& largest,
                   FixedPoint qk_format, std::uint64_t start, std::int64_t sequences) {
  Layout layout;
  layout.shape = shape;
  layout.slice_heads = slice_heads(config, shape, sequences);
  set_widths(config, qk_format, layout);
  place_tensors(layout, start);
  choose_key_room(config, largest, layout);
  choose_strip_room(config, largest, layout);
  return layout;
}

}  // namespace hdp
