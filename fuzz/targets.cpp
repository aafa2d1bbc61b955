// SPDX-License-Identifier: Apache-2.0
#include "targets.hpp"

#include <algorithm>
#include <array>

namespace hdp::fuzz {

std::span<const Target* const> targets() {
  static constexpr std::array kAll{&kAddressMap, &kBaseline,  &kCases,       &kDram,     &kEncoder,
                                   &kEnergy,     &kGenerator, &kMachine,     &kMemory,   &kPlay,
                                   &kRequests,   &kRows,      &kSafetensors, &kSettings, &kSweep,
                                   &kSynthetic,  &kTableRow};
  return kAll;
}

const Target* find_target(std::string_view name) {
  const auto found = std::ranges::find(targets(), name, &Target::name);
  return found == targets().end() ? nullptr : *found;
}

}  // namespace hdp::fuzz
