// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/kept_cycles.hpp"

#include <algorithm>

namespace hdp {

KeptCycleCounter::KeptCycleCounter(const HdpConfig& config)
    : core_(config.core),
      block_size_(config.prune.block_size),
      exact_(!config.prune.approximation),
      groups_(std::max<std::int64_t>(1, config.core.pe_array.columns / config.prune.block_size)) {
  k_.words.resize(static_cast<std::size_t>(core_.k_sram.banks));
  v_.words.resize(static_cast<std::size_t>(core_.v_sram.banks));
}

std::int64_t KeptCycleCounter::read_window(Bank& bank, std::int64_t window, std::int64_t wide,
                                           std::int64_t& words) {
  std::ranges::fill(bank.words, 0);
  ++stamp_;
  const auto begin = static_cast<std::size_t>(window * wide);
  for (const auto row : rows_) {
    const std::size_t end = std::min(row.size(), begin + static_cast<std::size_t>(wide));
    for (std::size_t t = begin; t < end; ++t) {
      const auto column = static_cast<std::size_t>(row[t]);
      if (bank.seen_in[column] == stamp_) continue;
      bank.seen_in[column] = stamp_;
      const std::size_t block = column / static_cast<std::size_t>(bank.columns_per_block);
      bank.words[block % bank.words.size()] += bank.words_per_column;
      words += bank.words_per_column;
    }
  }
  return std::ranges::max(bank.words);
}

template <class WindowCycles>
KeptCycles KeptCycleCounter::count(Bank& bank, const SramConfig& sram, const Layout& layout,
                                   const KeptBlocks& kept, KeyPiece piece, Column column,
                                   WindowCycles&& cycles) {
  bank.words_per_column = column.keys * words_of(sram, layout.shape.d * column.key_bits);
  bank.columns_per_block = block_size_ / column.keys;
  const std::int64_t wide = groups_ * bank.columns_per_block;
  if (bank.seen_in.size() < static_cast<std::size_t>(piece.end))
    bank.seen_in.resize(static_cast<std::size_t>(piece.end));
  rows_.clear();
  std::int64_t most = 0;
  for (std::int64_t i = 0; i < kept.row_blocks(); ++i) {
    rows_.push_back(kept.row(i, piece.first, piece.end));
    most = std::max(most, static_cast<std::int64_t>(rows_.back().size()));
  }
  KeptCycles sum;
  for (std::int64_t window = 0; window * wide < most; ++window) {
    const std::int64_t full = cycles(std::min(wide, most - window * wide));
    const std::int64_t words = full == 0 ? 0 : read_window(bank, window, wide, sum.words);
    sum.compute += full;
    sum.operands += std::max(full, words);
    sum.bank_cycles += words;
    ++sum.passes;
  }
  sum.wider_passes = ceil_div(most, 2 * wide);
  return sum;
}

KeptCycles KeptCycleCounter::fraction(const Layout& layout, const KeptBlocks& kept,
                                      KeyPiece piece) {
  const std::int64_t d = layout.shape.d;
  const Precision precision = core_.pe_array.precision;
  const std::int64_t pass =
      fraction_tile_cycles(precision, d, layout.qk_widths, exact_).count +
      (layout.keep_scores ? 0 : integer_tile_cycles(precision, d, layout.qk_widths).count);
  return count(k_, core_.k_sram, layout, kept, piece, {block_size_, layout.word_bits},
               [&](std::int64_t) { return pass; });
}

KeptCycles KeptCycleCounter::value(const Layout& layout, const KeptBlocks& kept, KeyPiece piece,
                                   bool keys) {
  const Column column{keys ? 1 : block_size_, layout.word_bits};
  const std::int64_t cycles = column.keys * value_key_cycles(core_.pe_array, layout.shape.d).count;
  return count(v_, core_.v_sram, layout, kept, piece, column,
               [&](std::int64_t columns) { return columns * cycles; });
}

KeptCycles KeptCycleCounter::estimate(const Layout& layout, const KeptBlocks& keys, KeyPiece piece,
                                      std::size_t round) {
  const std::int64_t d = layout.shape.d;
  const Precision precision = core_.pe_array.precision;
  const OperandWidths widths = layout.qk_widths;
  const bool first = round == 0;
  const std::int64_t key_bits = first ? widths.integer_bits : layout.chunks[round - 1].bits;
  const std::int64_t query_bits = first    ? widths.fraction_bits()
                                  : exact_ ? widths.word_bits
                                           : widths.integer_bits;
  const bool again = first && !layout.keep_scores;
  const std::int64_t pass =
      plane_tile_cycles(precision, d, widths.word_bits, query_bits, key_bits).count +
      (again ? integer_tile_cycles(precision, d, widths).count : 0);
  return count(k_, core_.k_sram, layout, keys, piece, {1, key_bits},
               [&](std::int64_t) { return pass; });
}

}  // namespace hdp
