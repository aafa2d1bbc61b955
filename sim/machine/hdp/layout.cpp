// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "machine/hdp/sequencer.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/hdp/lowering.hpp>

namespace hdp {
namespace {

constexpr std::uint64_t kAlignment = 4096;  // tensors start on a page of DRAM

std::int64_t row_bytes(std::int64_t d, std::int64_t bits) { return ceil_div(d * bits, 8); }

/// Bits of a signed sum of d products of two integer parts, to whole bytes.
std::int64_t score_bits(std::int64_t d, std::int64_t integer_bits) {
  const auto length = static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(d - 1)));
  return ceil_div(2 * (integer_bits - 1) + length + 1, 8) * 8;
}

[[noreturn]] void too_small(std::string_view setting, std::int64_t bytes, std::string_view what,
                            const Problem& problem, std::int64_t needed, std::string_view way_out) {
  throw UserError({.path = fmt::format("/core/{}", setting),
                   .problem = fmt::format("{} bytes do not hold {} of {} queries x {} keys", bytes,
                                          what, problem.queries, problem.keys),
                   .unit = "bytes",
                   .allowed = fmt::format("at least {}{}", needed, way_out)});
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
  place(layout.k_frac, shape.kv_heads, shape.n_k, layout.fraction_row_bytes);
  place(layout.q, shape.heads, shape.n_q, layout.word_row_bytes);
  place(layout.k, shape.kv_heads, shape.n_k, layout.word_row_bytes);
  place(layout.v, shape.kv_heads, shape.n_k, layout.word_row_bytes);
  place(layout.out, shape.heads, shape.n_q, layout.word_row_bytes);
  layout.end = next;
}

void check_tiles_of_k(const CoreConfig& core, const Problem& problem, std::int64_t bytes_of_row) {
  const std::int64_t two_tiles = 4 * core.pe_array.columns * bytes_of_row;
  const std::int64_t needed = std::min(two_tiles, problem.keys * bytes_of_row);
  if (core.k_sram.bytes < needed)
    too_small("k_sram/bytes", core.k_sram.bytes, "two tiles of K in half of them, or all of K",
              problem, needed, "");
}

/// Rows of the strips that are under way at a time.
std::int64_t rows_in_flight(const CoreConfig& core, const Problem& problem) {
  return std::min(Sequencer::kStripsInFlight * core.pe_array.rows, problem.queries);
}

void check_queries(const CoreConfig& core, const Problem& problem, std::int64_t bytes_of_row) {
  const std::int64_t needed = rows_in_flight(core, problem) * bytes_of_row;
  if (needed > core.q_sram_bytes)
    too_small("q_sram_bytes", core.q_sram_bytes, "three strips of Q", problem, needed, "");
}

void check_scores(const CoreConfig& core, const Problem& problem, const Layout& layout) {
  const std::int64_t strips =
      ceil_div(rows_in_flight(core, problem) * problem.keys * layout.score_bits, 8);
  if (strips > core.score_sram_bytes)
    too_small("score_sram_bytes", core.score_sram_bytes, "three strips of scores", problem, strips,
              "");
}

/// Whether the integer scores of a head wait in SRAM for its decision.
void choose_score_store(const CoreConfig& core, const Problem& problem, Layout& layout) {
  const std::int64_t all = ceil_div(problem.queries * problem.keys * layout.score_bits, 8);
  layout.keep_scores = core.score_store != ScoreStore::Recompute && all <= core.score_sram_bytes;
  if (core.score_store == ScoreStore::Keep && !layout.keep_scores)
    too_small("score_sram_bytes", core.score_sram_bytes, "the integer scores", problem, all,
              ", or /core/score_store recompute or auto");
}

void check_mask(const HdpConfig& config, const Problem& problem) {
  const std::int64_t b = config.prune.block_size;
  const std::int64_t bytes = ceil_div(ceil_div(problem.queries, b) * ceil_div(problem.keys, b), 8);
  if (bytes > config.core.mask_sram_bytes)
    too_small("mask_sram_bytes", config.core.mask_sram_bytes, "the block mask", problem, bytes,
              ", or a larger /prune/block_size");
}

}  // namespace

Layout make_layout(const HdpConfig& config, const LayerShape& shape, const Problem& largest,
                   FixedPoint qk_format, std::uint64_t start) {
  const CoreConfig& core = config.core;
  Layout layout;
  layout.shape = shape;
  layout.word_bits = qk_format.word_bits;
  layout.qk_widths = {qk_format.word_bits, qk_format.integer_bits()};
  layout.integer_row_bytes = row_bytes(shape.d, layout.qk_widths.integer_bits);
  layout.fraction_row_bytes = row_bytes(shape.d, layout.qk_widths.fraction_bits());
  layout.word_row_bytes = row_bytes(shape.d, layout.word_bits);
  place_tensors(layout, start);

  layout.v_resident = largest.keys * layout.word_row_bytes <= core.v_sram.bytes;
  if (!config.pruning) {
    layout.score_bits = layout.word_bits;
    layout.k_resident = largest.keys * layout.word_row_bytes <= core.k_sram.bytes;
    check_queries(core, largest, layout.word_row_bytes);
    check_tiles_of_k(core, largest, layout.word_row_bytes);
    check_scores(core, largest, layout);
    return layout;
  }
  layout.score_bits = score_bits(shape.d, layout.qk_widths.integer_bits);
  layout.q_int_resident = largest.queries * layout.integer_row_bytes +
                              rows_in_flight(core, largest) * layout.fraction_row_bytes <=
                          core.q_sram_bytes;
  const std::int64_t k_int = largest.keys * layout.integer_row_bytes;
  layout.k_int_resident = k_int <= core.k_sram.bytes;
  layout.k_frac_resident = layout.k_int_resident &&
                           k_int + largest.keys * layout.fraction_row_bytes <= core.k_sram.bytes;
  check_queries(core, largest, layout.integer_row_bytes + layout.fraction_row_bytes);
  check_tiles_of_k(core, largest, layout.integer_row_bytes);
  check_scores(core, largest, layout);
  choose_score_store(core, largest, layout);
  check_mask(config, largest);
  return layout;
}

}  // namespace hdp
