// SPDX-License-Identifier: Apache-2.0
#include "machine/control.hpp"

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 1> kControlCounters{
    {{"heads", "heads", "Heads that have ended."}}};

}  // namespace

const UnitKind& sequencer_kind() {
  static constexpr UnitKind kKind{
      "sequencer", "Takes heads in order, asks for loads and hands out jobs.", kControlCounters};
  return kKind;
}

const UnitKind& core_kind() {
  static constexpr UnitKind kKind{
      "core", "Everything that a head needs but the memory: busy while it has a head.",
      kControlCounters};
  return kKind;
}

}  // namespace hdp
