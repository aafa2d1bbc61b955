// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/unit.hpp>

namespace hdp {

struct SramConfig {
  std::int64_t bytes = 65'536;
  std::int64_t banks = 4;
  std::int64_t word_bits = 256;

  static constexpr auto kFields = std::tuple{
      Field{&SramConfig::bytes, "bytes", "bytes", "Capacity, for one context.", Range{1, 1e9}},
      Field{&SramConfig::banks, "banks", "banks",
            "Banks; each reads or writes a word a cycle. Rows of K and V are interleaved over them "
            "by column of blocks.",
            Range{1, 1024}},
      Field{&SramConfig::word_bits, "word_bits", "bits", "Width of a bank's word.",
            Range{1, 65536}}};
};

/// Words that hold so many bits.
constexpr std::int64_t words_of(const SramConfig& config, std::int64_t bits) {
  return ceil_div(bits, config.word_bits);
}
/// Cycles that the banks take for so many words, spread evenly.
constexpr std::int64_t port_cycles(const SramConfig& config, std::int64_t words) {
  return ceil_div(words, config.banks);
}

/// Bits through the ports of an SRAM.
struct SramTraffic {
  std::int64_t bits_read = 0, bits_written = 0;
};

const UnitKind& sram_kind();

/// The account of a passive SRAM, which is busy while somebody reads it.
UnitReport sram_report(std::string instance, std::int64_t cycles, std::int64_t busy,
                       const SramTraffic& traffic);

}  // namespace hdp
