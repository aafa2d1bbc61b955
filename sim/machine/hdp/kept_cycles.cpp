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

std::int64_t KeptCycleCounter::read_window(Bank& bank, const KeptBlocks& kept, std::int64_t window,
                                           std::int64_t& blocks_read) {
  std::ranges::fill(bank.words, 0);
  ++stamp_;
  for (std::int64_t i = 0; i < kept.row_blocks(); ++i) {
    const auto row = kept.row(i);
    const auto begin = static_cast<std::size_t>(window * groups_);
    const std::size_t end = std::min(row.size(), begin + static_cast<std::size_t>(groups_));
    for (std::size_t t = begin; t < end; ++t) {
      const auto block = static_cast<std::size_t>(row[t]);
      if (bank.seen_in[block] == stamp_) continue;
      bank.seen_in[block] = stamp_;
      bank.words[block % bank.words.size()] += bank.words_per_block;
      ++blocks_read;
    }
  }
  return std::ranges::max(bank.words);
}

KeptCycles KeptCycleCounter::count(const Layout& layout, const KeptBlocks& kept,
                                   std::int64_t columns_of_blocks) {
  const std::int64_t d = layout.shape.d;
  k_.words_per_block = block_size_ * ceil_div(d * layout.word_bits, core_.k_sram.word_bits);
  v_.words_per_block = block_size_ * ceil_div(d * layout.word_bits, core_.v_sram.word_bits);
  k_.seen_in.resize(static_cast<std::size_t>(columns_of_blocks));
  v_.seen_in.resize(static_cast<std::size_t>(columns_of_blocks));

  const Precision precision = core_.pe_array.precision;
  const std::int64_t pass =
      fraction_tile_cycles(precision, d, layout.qk_widths, exact_).count +
      (layout.keep_scores ? 0 : integer_tile_cycles(precision, d, layout.qk_widths).count);
  const std::int64_t block_values = block_size_ * value_key_cycles(core_.pe_array, d).count;

  KeptCycles cycles;
  for (std::int64_t window = 0; window * groups_ < kept.most(); ++window) {
    const std::int64_t blocks = std::min(groups_, kept.most() - window * groups_);
    const std::int64_t k_words =
        pass == 0 ? 0 : read_window(k_, kept, window, cycles.k_blocks_read);
    const std::int64_t v_words = read_window(v_, kept, window, cycles.v_blocks_read);
    cycles.fraction += pass;
    cycles.fraction_operands += std::max(pass, k_words);
    cycles.value += blocks * block_values;
    cycles.value_operands += std::max(blocks * block_values, v_words);
  }
  return cycles;
}

}  // namespace hdp
