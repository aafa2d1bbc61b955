// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp::spatten_rtl {

/// Vectors of one matrix that a request reads.
struct Operand {
  std::int32_t count = 0;      ///< Vectors, rounded up to the fetch padding.
  std::int32_t fragments = 0;  ///< Groups of as many vectors as there are softmax units.
  std::int32_t lines = 0;      ///< Fragments, rounded up to an even number.
  std::int8_t bits = 8;
  std::int8_t fused = 1;  ///< Heads whose vectors lie interleaved: 2 for 6 bits.
  std::int8_t part = 0;   ///< Which of them this request is.
  bool last = true;       ///< The last of them.
  [[nodiscard]] std::int32_t accesses() const { return bits * fused / 4; }  ///< Of a vector.
};

/// One row of the workload as the bench offers it.
struct Request {
  std::int32_t id = 0;
  Operand key, value;
  bool requantises = false;  ///< Takes the second pass.
  std::int32_t top_k_latency = 0;
  [[nodiscard]] bool skips_top_k() const { return value.count >= key.count; }
};

/// Bits of the second pass, and the memory accesses of one of its vectors.
inline constexpr int kLsbBits = 4;
inline constexpr std::int32_t kLsbAccesses = 1;

}  // namespace hdp::spatten_rtl
