// SPDX-License-Identifier: Apache-2.0
#include "machine/control.hpp"

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 1> kCounters{{{"heads", "heads", "Heads that have ended."}}};

}  // namespace

const UnitKind& sequencer_kind() {
  static constexpr UnitKind kKind{
      "sequencer", "Takes heads in order, asks for loads and hands out jobs.", kCounters};
  return kKind;
}

const UnitKind& core_kind() {
  static constexpr UnitKind kKind{
      "core", "Everything that a head needs but the memory: busy while it has a head.", kCounters};
  return kKind;
}

}  // namespace hdp
