// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace hdp {

/// A named stream of random numbers (Philox 4x64, counter-based): the n-th draw of a stream depends
/// on seed and name alone, on every machine.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  std::uint64_t next();
  /// Uniform in [0, bound), bound > 0, without bias.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform();
  /// Close to a standard normal: the sum of twelve uniforms less six. Additions only, so that the
  /// value does not depend on the C library; |value| <= 6.
  double normal();

 private:
  std::uint64_t key_[2];
  std::uint64_t counter_ = 0;
  std::uint64_t block_[4] = {};
  unsigned used_ = 4;
};

}  // namespace hdp
