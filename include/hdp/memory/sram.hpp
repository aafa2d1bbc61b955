// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/kernel/unit.hpp>

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

/// Bits through the ports of an SRAM.
struct SramTraffic {
  std::int64_t bits_read = 0, bits_written = 0;
};

const UnitKind& sram_kind();

/// The account of a passive SRAM, which is busy while somebody reads it.
UnitReport sram_report(std::string instance, std::int64_t cycles, std::int64_t busy,
                       const SramTraffic& traffic);

}  // namespace hdp
