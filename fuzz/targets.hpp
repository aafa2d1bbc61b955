// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "target.hpp"

namespace hdp::fuzz {

/// One of each NAME_fuzz.cpp.
extern const Target kAddressMap, kBaseline, kCases, kDram, kEncoder, kEnergy, kGenerator, kMachine,
    kMemory, kPlay, kRequests, kRows, kSafetensors, kSettings, kSweep, kSynthetic, kTableRow;

}  // namespace hdp::fuzz
