// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/machine/hdp/head_work.hpp>

namespace hdp {

/// Adds loads to a head, range by range; rows that follow each other become one range.
class LoadList {
 public:
  LoadList(HeadWork& work, std::vector<Load>& loads) : work_(work), loads_(loads) {}

  /// Opens a load of rows of `bytes` each, the first row of the tensor being at `start`.
  void open(Tensor tensor, Buffer buffer, std::uint64_t start, std::int64_t bytes,
            std::int64_t after) {
    start_ = start;
    bytes_ = bytes;
    buffer_ = buffer;
    loads_.push_back({tensor, static_cast<std::uint32_t>(work_.ranges.size()), 0, after});
  }
  void rows(std::int64_t first, std::int64_t count) {
    if (count == 0 || bytes_ == 0) return;
    const std::uint64_t address = start_ + static_cast<std::uint64_t>(first * bytes_);
    const auto length = static_cast<std::uint32_t>(count * bytes_);
    work_.totals.traffic.written[static_cast<std::size_t>(buffer_)] += 8 * std::int64_t{length};
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
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(loads_.size()); }

 private:
  HeadWork& work_;
  std::vector<Load>& loads_;
  std::uint64_t start_ = 0;
  std::int64_t bytes_ = 0;
  Buffer buffer_ = Buffer::Q;
};

}  // namespace hdp
