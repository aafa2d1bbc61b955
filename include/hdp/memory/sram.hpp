// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <tuple>

#include <hdp/config/field.hpp>

namespace hdp {

struct SramConfig {
  std::int64_t bytes = 65'536;
  std::int64_t banks = 4;
  std::int64_t word_bits = 256;

  static constexpr auto kFields = std::tuple{
      Field{&SramConfig::bytes, "bytes", "bytes", "Capacity, for one head.", Range{1, 1e9}},
      Field{&SramConfig::banks, "banks", "banks",
            "Banks, interleaved by column of blocks; each reads a word a cycle.", Range{1, 1024}},
      Field{&SramConfig::word_bits, "word_bits", "bits", "Width of a bank's word.",
            Range{1, 65536}}};
};

}  // namespace hdp
