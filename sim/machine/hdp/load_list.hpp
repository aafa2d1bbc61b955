// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/machine/hdp/slice_work.hpp>

namespace hdp {

/// Rows of a tensor in DRAM.
struct TensorRows {
  Tensor tensor = Tensor::Q;
  std::uint64_t start = 0;  ///< First byte of row 0.
  std::int64_t row_bytes = 0;
};

/// Appends loads of rows, joining rows that follow each other.
class LoadList {
 public:
  LoadList(SliceWork& work, std::vector<Load>& loads) : work_(work), loads_(loads) {}

  /// `strips`: those whose masks choose the rows, `verdicts`: rounds that do.
  void open(const TensorRows& rows, Gate gate, std::int64_t after, StripRange strips = {},
            std::int64_t verdicts = 0) {
    rows_ = rows;
    fetched_ = 0;
    loads_.push_back({rows.tensor, static_cast<std::uint32_t>(work_.ranges.size()), 0, gate, after,
                      strips, verdicts});
  }
  void rows(std::int64_t first, std::int64_t count) {
    if (count <= 0 || rows_.row_bytes == 0) return;
    fetched_ += count;
    const std::uint64_t address = rows_.start + static_cast<std::uint64_t>(first * rows_.row_bytes);
    const auto length = static_cast<std::uint32_t>(count * rows_.row_bytes);
    Load& load = loads_.back();
    if (load.ranges != 0) {
      FetchRange& last = work_.ranges.back();
      if (last.address + last.bytes == address) {
        last.bytes += length;
        return;
      }
    }
    work_.ranges.push_back({address, length});
    ++load.ranges;
  }
  /// Rows that the open load fetches.
  [[nodiscard]] std::int64_t fetched() const { return fetched_; }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(loads_.size()); }

 private:
  SliceWork& work_;
  std::vector<Load>& loads_;
  TensorRows rows_;
  std::int64_t fetched_ = 0;
};

}  // namespace hdp
