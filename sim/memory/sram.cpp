// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <hdp/memory/sram.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 2> kSramCounters{
    {{"bits_read", "bits", "Bits read by the datapath."},
     {"bits_written", "bits", "Bits written."}}};

}  // namespace

const UnitKind& sram_kind() {
  static constexpr UnitKind kKind{"sram", "A buffer on chip.", kSramCounters};
  return kKind;
}

UnitReport sram_report(std::string instance, std::int64_t cycles, std::int64_t busy,
                       const SramTraffic& traffic) {
  return {
      .instance = std::move(instance),
      .kind = std::string(sram_kind().name),
      .total = cycles,
      .idle = cycles - busy,
      .busy = busy,
      .counters = counters_of(sram_kind(), std::array{traffic.bits_read, traffic.bits_written})};
}

}  // namespace hdp
