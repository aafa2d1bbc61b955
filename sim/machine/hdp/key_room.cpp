// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/hdp/layout_room.hpp"
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

/// Pieces of rows in a room of so many bytes: two, so that one is loaded while the other is used,
/// where each holds a tile; else one.
PieceRoom pieces_in(std::int64_t room, std::int64_t tile_bytes) {
  if (room / 2 >= tile_bytes) return {room / 2, 2};
  return {room, 1};
}

void choose_v(const HdpConfig& config, const Problem& problem, Layout& layout) {
  const CoreConfig& core = config.core;
  const std::int64_t row = layout.word_row_bytes;
  const bool reuse = !config.pruning || core.fetch.reuse;
  layout.v_resident = reuse && problem.keys * row <= core.v_sram.bytes;
  const std::int64_t tile = std::min(core.pe_array.columns, problem.keys) * row;
  if (tile > core.v_sram.bytes)
    too_small("v_sram", core.v_sram.bytes, "one tile of V", problem, tile);
  layout.v_pieces = pieces_in(core.v_sram.bytes, tile);
}

void choose_dense_k(const CoreConfig& core, const Problem& problem, Layout& layout) {
  const std::int64_t tile = std::min(core.pe_array.columns, problem.keys) * layout.word_row_bytes;
  if (tile > core.k_sram.bytes)
    too_small("k_sram", core.k_sram.bytes, "one tile of K", problem, tile);
  layout.k_resident = problem.keys * layout.word_row_bytes <= core.k_sram.bytes;
  layout.tiles_held = core.k_sram.bytes / tile;
}

/// Both planes stay; or the integer plane, and kept rows stream through the rest; or both stream,
/// each through a half.
void choose_planes_of_k(const CoreConfig& core, const Problem& problem, Layout& layout) {
  const std::int64_t bytes = core.k_sram.bytes;
  const std::int64_t integer = layout.integer_row_bytes, fraction = layout.k_fraction_row_bytes;
  const std::int64_t tile = std::min(core.pe_array.columns, problem.keys);
  const std::int64_t all_integer = problem.keys * integer;
  layout.k_frac_resident = core.fetch.reuse && all_integer + problem.keys * fraction <= bytes;
  layout.k_int_resident = all_integer + tile * fraction <= bytes;
  if (layout.k_int_resident) {
    layout.k_pieces = pieces_in(bytes - all_integer, tile * fraction);
    return;
  }
  const std::int64_t half = bytes / 2, kept_tile = tile * (integer + fraction);
  if (kept_tile > half)
    too_small("k_sram", bytes, "in each half one tile of K", problem, 2 * kept_tile);
  layout.tiles_held = half / (tile * integer);
  layout.k_pieces = pieces_in(half, kept_tile);
}

}  // namespace

void too_small(std::string_view buffer, std::int64_t bytes, std::string_view what,
               const Problem& problem, std::int64_t needed, std::string_view way_out) {
  throw UserError({.path = fmt::format("/core/{}/bytes", buffer),
                   .problem = fmt::format("{} bytes do not hold {} of {} queries x {} keys", bytes,
                                          what, problem.queries, problem.keys),
                   .unit = "bytes",
                   .allowed = fmt::format("at least {}{}", needed, way_out)});
}

void choose_key_room(const HdpConfig& config, const Problem& problem, Layout& layout) {
  choose_v(config, problem, layout);
  if (config.pruning)
    choose_planes_of_k(config.core, problem, layout);
  else
    choose_dense_k(config.core, problem, layout);
}

}  // namespace hdp
