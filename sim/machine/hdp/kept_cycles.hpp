// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "machine/hdp/kept_blocks.hpp"
#include "machine/hdp/used_keys.hpp"
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/layout.hpp>

namespace hdp {

/// Cycles of a strip's work on the kept blocks of a piece, at full rate and as the banks of K or V
/// allow.
struct KeptCycles {
  std::int64_t compute = 0, operands = 0;
  std::int64_t passes = 0;        ///< Windows of the array,
  std::int64_t wider_passes = 0;  ///< and of one with twice the columns.
  std::int64_t words = 0;         ///< Read from the banks, after broadcasts.
  std::int64_t bank_cycles = 0;
};

/// Rows of blocks run side by side, each with columns / block_size groups of PEs; a window is as
/// many kept blocks of every row of blocks. In the fraction pass a window is a pass of the array;
/// in P.V its keys stream one after another. A window takes as long as its slowest row of blocks or
/// its busiest bank. Scratch is kept.
class KeptCycleCounter {
 public:
  explicit KeptCycleCounter(const HdpConfig& config);
  KeptCycles fraction(const Layout& layout, const KeptBlocks& kept, KeyPiece piece);
  /// P.V; columns are of blocks, or of `keys`.
  KeptCycles value(const Layout& layout, const KeptBlocks& kept, KeyPiece piece, bool keys);
  /// Round `round` of probability estimation on columns of keys: what the integer plane knows, or
  /// a chunk more of the fraction bits.
  KeptCycles estimate(const Layout& layout, const KeptBlocks& keys, KeyPiece piece,
                      std::size_t round);

 private:
  /// What a column is.
  struct Column {
    std::int64_t keys = 1, key_bits = 0;
  };
  struct Bank {
    std::vector<std::int64_t> words;    ///< Asked of each bank in this window.
    std::vector<std::int64_t> seen_in;  ///< By column of blocks: the last window that asked for it.
    std::int64_t words_per_column = 0;
    std::int64_t columns_per_block = 1;
  };
  /// `cycles(columns)`: of a window whose longest row of blocks has so many.
  template <class WindowCycles>
  KeptCycles count(Bank& bank, const SramConfig& sram, const Layout& layout, const KeptBlocks& kept,
                   KeyPiece piece, Column column, WindowCycles&& cycles);
  std::int64_t read_window(Bank& bank, std::int64_t window, std::int64_t wide, std::int64_t& words);

  const CoreConfig core_;
  std::int64_t block_size_;
  bool exact_;
  std::int64_t groups_;  ///< Blocks of a row of blocks that run side by side.
  std::int64_t stamp_ = 0;
  std::vector<std::span<const std::int32_t>> rows_;  ///< Kept blocks of the piece.
  Bank k_, v_;
};

}  // namespace hdp
