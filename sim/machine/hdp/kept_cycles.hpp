// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/hdp/kept_blocks.hpp"
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/lowering.hpp>

namespace hdp {

/// Cycles of a strip's work on kept blocks, at full rate and as the SRAM banks allow.
struct KeptCycles {
  std::int64_t fraction = 0, fraction_operands = 0;
  std::int64_t value = 0, value_operands = 0;
  std::int64_t k_blocks_read = 0, v_blocks_read = 0;  ///< After broadcasts.
};

/// Row blocks run side by side, each with columns / block_size groups of PEs; a window is as many
/// kept blocks of every row block. In the fraction pass a window is a pass of the array; in P.V its
/// keys stream one after another. A window takes as long as its slowest row block or its busiest
/// bank. Scratch is kept.
class KeptCycleCounter {
 public:
  explicit KeptCycleCounter(const HdpConfig& config);
  KeptCycles count(const Layout& layout, const KeptBlocks& kept, std::int64_t columns_of_blocks);

 private:
  struct Bank {
    std::vector<std::int64_t> words;    ///< Asked of each bank in this window.
    std::vector<std::int64_t> seen_in;  ///< By column of blocks: the last window that asked for it.
    std::int64_t words_per_block = 0;
  };
  std::int64_t read_window(Bank& bank, const KeptBlocks& kept, std::int64_t window,
                           std::int64_t& blocks_read);

  const CoreConfig core_;
  std::int64_t block_size_;
  bool exact_;
  std::int64_t groups_;  ///< Blocks of a row block that run side by side.
  std::int64_t stamp_ = 0;
  Bank k_, v_;
};

}  // namespace hdp
