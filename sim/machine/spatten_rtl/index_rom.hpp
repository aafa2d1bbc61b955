// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hdp::spatten_rtl {

/// Which vectors the RTL fetches: it has no importance to rank, so a ROM names a random half of
/// all, row by row (the RTL's score buffer).
class IndexRom {
 public:
  IndexRom(std::int64_t rows, std::int64_t lanes, std::int64_t indexes);
  [[nodiscard]] std::span<const std::int32_t> row(std::int64_t row) const {
    return std::span(indexes_).subspan(static_cast<std::size_t>(row) * lanes_, lanes_);
  }

 private:
  std::size_t lanes_;
  std::vector<std::int32_t> indexes_;
};

}  // namespace hdp::spatten_rtl
