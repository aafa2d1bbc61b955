// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <Random123/philox.h>

#include <hdp/base/random.hpp>

namespace hdp {
namespace {

/// FNV-1a: names to keys; nothing secret, only distinct.
std::uint64_t key_of(std::string_view name) {
  std::uint64_t key = 14695981039346656037ULL;
  for (const char c : name) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return key;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) : key_{seed, key_of(name)} {}

std::uint64_t RandomStream::next() {
  if (used_ == 4) {
    const r123::Philox4x64 generator;
    const auto block = generator({{counter_++, 0, 0, 0}}, {{key_[0], key_[1]}});
    std::copy(block.begin(), block.end(), block_);
    used_ = 0;
  }
  return block_[used_++];
}

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t rejected = (0 - bound) % bound;  // 2^64 mod bound
  std::uint64_t draw = next();
  while (draw < rejected) draw = next();
  return draw % bound;
}

double RandomStream::uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }

double RandomStream::normal() {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += uniform();
  return sum;
}

}  // namespace hdp
