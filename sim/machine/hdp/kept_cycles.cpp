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

std::int64_t KeptCycleCounter::read_window(Bank& bank, std::int64_t window, std::int64_t& words) {
  std::ranges::fill(bank.words, 0);
  ++stamp_;
  const auto begin = static_cast<std::size_t>(window * groups_);
  for (const auto row : rows_) {
    const std::size_t end = std::min(row.size(), begin + static_cast<std::size_t>(groups_));
    for (std::size_t t = begin; t < end; ++t) {
      const auto block = static_cast<std::size_t>(row[t]);
      if (bank.seen_in[block] == stamp_) continue;
      bank.seen_in[block] = stamp_;
      bank.words[block % bank.words.size()] += bank.words_per_block;
      words += bank.words_per_block;
    }
  }
  return std::ranges::max(bank.words);
}

template <class WindowCycles>
KeptCycles KeptCycleCounter::count(Bank& bank, const SramConfig& sram, const Layout& layout,
                                   const KeptBlocks& kept, KeyPiece piece, WindowCycles&& cycles) {
  bank.words_per_block = block_size_ * words_of(sram, layout.shape.d * layout.word_bits);
  if (bank.seen_in.size() < static_cast<std::size_t>(piece.end))
    bank.seen_in.resize(static_cast<std::size_t>(piece.end));
  rows_.clear();
  std::int64_t most = 0;
  for (std::int64_t i = 0; i < kept.row_blocks(); ++i) {
    rows_.push_back(kept.row(i, piece.first, piece.end));
    most = std::max(most, static_cast<std::int64_t>(rows_.back().size()));
  }
  KeptCycles sum;
  for (std::int64_t window = 0; window * groups_ < most; ++window) {
    const std::int64_t full = cycles(std::min(groups_, most - window * groups_));
    const std::int64_t words = full == 0 ? 0 : read_window(bank, window, sum.words);
    sum.compute += full;
    sum.operands += std::max(full, words);
    sum.bank_cycles += words;
    ++sum.passes;
  }
  sum.wider_passes = ceil_div(most, 2 * groups_);
  return sum;
}

KeptCycles KeptCycleCounter::fraction(const Layout& layout, const KeptBlocks& kept,
                                      KeyPiece piece) {
  const std::int64_t d = layout.shape.d;
  const Precision precision = core_.pe_array.precision;
  const std::int64_t pass =
      fraction_tile_cycles(precision, d, layout.qk_widths, exact_).count +
      (layout.keep_scores ? 0 : integer_tile_cycles(precision, d, layout.qk_widths).count);
  return count(k_, core_.k_sram, layout, kept, piece, [&](std::int64_t) { return pass; });
}

KeptCycles KeptCycleCounter::value(const Layout& layout, const KeptBlocks& kept, KeyPiece piece) {
  const std::int64_t block = block_size_ * value_key_cycles(core_.pe_array, layout.shape.d).count;
  return count(v_, core_.v_sram, layout, kept, piece,
               [&](std::int64_t blocks) { return blocks * block; });
}

}  // namespace hdp
