// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hdp {

/// Room in a buffer that items pass through in order.
class Room {
 public:
  explicit Room(std::int64_t capacity) : capacity_(capacity) {}

  /// Enters the next item; returns how many of those before it must have left by then.
  std::size_t enter(std::int64_t size) {
    sizes_.push_back(size);
    used_ += size;
    for (; used_ > capacity_ && first_ + 1 < sizes_.size(); ++first_) used_ -= sizes_[first_];
    return first_;
  }

 private:
  std::int64_t capacity_, used_ = 0;
  std::size_t first_ = 0;
  std::vector<std::int64_t> sizes_;
};

/// What one strip takes of the buffers that a group of strips shares, or what they have room for:
/// rows of Q in its tiles and behind them, scores, importances, masks.
struct GroupSizes {
  std::int64_t q_tile_bytes = 0, q_kept_bytes = 0;
  std::int64_t score_bits = 0, importance_bits = 0, mask_bits = 0;

  [[nodiscard]] GroupSizes operator+(const GroupSizes& other) const {
    return {q_tile_bytes + other.q_tile_bytes, q_kept_bytes + other.q_kept_bytes,
            score_bits + other.score_bits, importance_bits + other.importance_bits,
            mask_bits + other.mask_bits};
  }
  [[nodiscard]] bool fits(const GroupSizes& room) const {
    return q_tile_bytes <= room.q_tile_bytes && q_kept_bytes <= room.q_kept_bytes &&
           score_bits <= room.score_bits && importance_bits <= room.importance_bits &&
           mask_bits <= room.mask_bits;
  }
};

/// Consecutive strips, as places in a list.
struct StripGroup {
  std::size_t first = 0, count = 0;
};

/// Cuts strips into groups, each as large as every buffer holds; at least one strip.
inline std::vector<StripGroup> groups_of(const std::vector<GroupSizes>& strips,
                                         const GroupSizes& room) {
  std::vector<StripGroup> groups;
  GroupSizes used;
  for (std::size_t s = 0; s < strips.size(); ++s) {
    const GroupSizes sum = used + strips[s];
    if (groups.empty() || !sum.fits(room)) {
      groups.push_back({s, 1});
      used = strips[s];
    } else {
      ++groups.back().count;
      used = sum;
    }
  }
  return groups;
}

/// Every strip on its own.
inline std::vector<StripGroup> single_strips(std::size_t count) {
  std::vector<StripGroup> groups(count);
  for (std::size_t s = 0; s < count; ++s) groups[s] = {s, 1};
  return groups;
}

}  // namespace hdp
