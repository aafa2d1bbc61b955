// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine/hdp/kept_blocks.hpp"
#include "machine/hdp/load_list.hpp"
#include <hdp/machine/hdp/layout.hpp>

namespace hdp {

/// A range of columns of blocks that is in SRAM at a time.
struct KeyPiece {
  std::int64_t first = 0, end = 0;
};

/// Which rows of K and V a group of strips uses, by column of blocks: the union of its masks.
class UsedKeys {
 public:
  /// For columns of `block_size` keys.
  void clear(std::int64_t columns, std::int64_t block_size) {
    block_size_ = block_size;
    ends_.assign(static_cast<std::size_t>(columns), 0);
  }
  /// The kept blocks of a strip, as far as its queries see them.
  void add(const KeptBlocks& kept) {
    for (std::int64_t i = 0; i < kept.row_blocks(); ++i)
      for (const std::int64_t block : kept.row(i)) use(block, kept.visible(i));
  }
  /// All keys that a strip sees.
  void add_visible(std::int64_t visible) {
    for (std::int64_t block = 0; block * block_size_ < visible; ++block) use(block, visible);
  }

  [[nodiscard]] std::int64_t columns() const { return static_cast<std::int64_t>(ends_.size()); }
  [[nodiscard]] std::int64_t rows(std::int64_t block) const {
    return std::max<std::int64_t>(0, end(block) - block * block_size_);
  }
  /// Loads what is used of a piece.
  void load(KeyPiece piece, LoadList& loads) const {
    for (std::int64_t block = piece.first; block < piece.end; ++block)
      loads.rows(block * block_size_, rows(block));
  }
  /// Loads what is used and was not used by `before`, which learns of it.
  void load_new(UsedKeys& before, LoadList& loads) const {
    for (std::int64_t block = 0; block < columns(); ++block) {
      const std::int64_t first = std::max(block * block_size_, before.end(block));
      loads.rows(first, end(block) - first);
      before.ends_[static_cast<std::size_t>(block)] = std::max(before.end(block), end(block));
    }
  }
  /// Pieces of at most so many rows, at least one column of blocks each; they cover all columns.
  [[nodiscard]] std::vector<KeyPiece> pieces(std::int64_t most_rows) const {
    std::vector<KeyPiece> pieces{{0, 0}};
    std::int64_t held = 0;
    for (std::int64_t block = 0; block < columns(); ++block) {
      if (held != 0 && held + rows(block) > most_rows) {
        pieces.push_back({block, block});
        held = 0;
      }
      held += rows(block);
      pieces.back().end = block + 1;
    }
    return pieces;
  }

 private:
  void use(std::int64_t block, std::int64_t visible) {
    std::int64_t& end = ends_[static_cast<std::size_t>(block)];
    end = std::max(end, std::min(visible, (block + 1) * block_size_));
  }
  [[nodiscard]] std::int64_t end(std::int64_t block) const {
    return ends_[static_cast<std::size_t>(block)];
  }

  std::int64_t block_size_ = 1;
  std::vector<std::int64_t> ends_;  ///< By column of blocks: behind its last used key; 0: none.
};

/// Every row of blocks loads its own rows of a piece, whatever the others have loaded.
inline void load_by_row_of_blocks(const KeptBlocks& kept, KeyPiece piece, std::int64_t block_size,
                                  LoadList& loads) {
  for (std::int64_t i = 0; i < kept.row_blocks(); ++i)
    for (const std::int64_t block : kept.row(i, piece.first, piece.end)) {
      const std::int64_t first = block * block_size;
      loads.rows(first, std::min(kept.visible(i), first + block_size) - first);
    }
}

/// Columns of blocks of which every row of blocks has room for its own rows.
inline std::int64_t columns_by_row_of_blocks(const KeptBlocks& kept, std::int64_t block_size,
                                             std::int64_t most_rows) {
  return std::max<std::int64_t>(1, most_rows / (block_size * kept.row_blocks()));
}

}  // namespace hdp
