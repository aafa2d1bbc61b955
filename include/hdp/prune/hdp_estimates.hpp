// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hdp {

/// Counts of probability estimation behind blocks and heads; they add up over heads and layers.
struct EstimateCounts {
  std::int64_t entries = 0;                     ///< In kept blocks of kept heads.
  std::vector<std::int64_t> pruned_after;       ///< The integer plane, then each fraction chunk.
  std::vector<std::int64_t> fetched_per_chunk;  ///< Entries that read it.
  std::int64_t survivors = 0;
  std::int64_t empty_rows = 0;  ///< With a kept entry and no survivor.
  std::int64_t near_ties = 0;

  EstimateCounts() = default;
  explicit EstimateCounts(std::size_t fraction_chunks)
      : pruned_after(fraction_chunks + 1), fetched_per_chunk(fraction_chunks) {}
  [[nodiscard]] std::int64_t chunks_fetched() const;
  void add(const EstimateCounts& other);
};

/// What became of one kept entry.
struct EntryFate {
  std::uint8_t chunks = 0;  ///< Fraction chunks of its key that were read.
  bool survives = false;    ///< Its V is read.
};

/// What became of the kept entries of a head in a problem: query after query, keys ascending.
class HdpEstimates {
 public:
  void clear() {
    fates_.clear();
    ends_.clear();
  }
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  /// The next query, with so many kept entries.
  std::span<EntryFate> add_row(std::size_t entries) {
    fates_.resize(fates_.size() + entries);
    ends_.push_back(fates_.size());
    return std::span(fates_).last(entries);
  }
  [[nodiscard]] std::span<const EntryFate> row(std::int64_t i) const {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::span(fates_).subspan(begin, ends_[at] - begin);
  }

 private:
  std::vector<EntryFate> fates_;
  std::vector<std::size_t> ends_;
};

}  // namespace hdp
