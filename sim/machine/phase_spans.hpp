// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/result.hpp>

namespace hdp {

/// Adds the phases of a head that happened; `of` names sequence, layer, problem and head.
inline void add_phases(const std::array<PhaseRecord, kRecordedPhases>& phases, const PhaseSpan& of,
                       std::vector<PhaseSpan>& spans) {
  for (std::size_t p = 0; p < kRecordedPhases; ++p) {
    if (!phases[p].happened()) continue;
    PhaseSpan& span = spans.emplace_back(of);
    span.name = EnumNames<RecordedPhase>::kNames[p];
    span.start = phases[p].start.index;
    span.end = phases[p].end.index;
  }
}

}  // namespace hdp
