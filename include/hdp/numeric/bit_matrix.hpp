// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hdp {

/// A matrix of bits, filled in row by row and digested without padding between the rows: bit t goes
/// to byte t / 8, position t % 8 from the least significant.
class BitMatrix {
 public:
  BitMatrix(std::int64_t rows, std::int64_t columns)
      : columns_(columns), bytes_(static_cast<std::size_t>((rows * columns + 7) / 8)) {}
  void set(std::int64_t i, std::int64_t j) {
    const std::int64_t t = i * columns_ + j;
    bytes_[static_cast<std::size_t>(t / 8)] |= static_cast<std::byte>(1U << (t % 8));
  }
  [[nodiscard]] bool get(std::int64_t i, std::int64_t j) const {
    const std::int64_t t = i * columns_ + j;
    return (bytes_[static_cast<std::size_t>(t / 8)] & static_cast<std::byte>(1U << (t % 8))) !=
           std::byte{0};
  }
  [[nodiscard]] std::string sha256() const;

 private:
  std::int64_t columns_;
  std::vector<std::byte> bytes_;
};

}  // namespace hdp
