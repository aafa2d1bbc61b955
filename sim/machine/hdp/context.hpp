// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include <hdp/base/quantity.hpp>
#include <hdp/machine/hdp/head_work.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp {

/// Streams of loads, as the fetch unit hands their number back.
enum class Stream : std::uint8_t { Planes, Kept, Output };

/// One head on a core: how far each step of it has come. Counters only grow, so that readiness is
/// a comparison.
struct Context {
  const HeadWork* work = nullptr;  ///< Nothing: free.

  std::int64_t plane_loads_asked = 0, plane_loads_done = 0;
  std::int64_t kept_loads_asked = 0, kept_loads_done = 0;
  std::int64_t tile_strip = 0, tile = 0;              ///< The next tile to give to the PE array.
  std::int64_t tiles_done = 0, strip_tiles_done = 0;  ///< Of the head; of the strip under way.
  std::int64_t masks = 0;                             ///< Strips whose masks are known.
  bool decided = false;
  std::int64_t fractions_given = 0, fractions_done = 0;
  std::int64_t probabilities = 0;  ///< Strips that have left the softmax unit.
  std::int64_t values_given = 0, values_done = 0;
  std::int64_t outputs_asked = 0, outputs_done = 0;

  std::array<PhaseRecord, kRecordedPhases> phases{};

  [[nodiscard]] std::int64_t strips() const {
    return static_cast<std::int64_t>(work->strips.size());
  }
  [[nodiscard]] const StripWork& strip(std::int64_t s) const {
    return work->strips[static_cast<std::size_t>(s)];
  }
  [[nodiscard]] bool all_tiles_given() const { return tile_strip == strips(); }
  /// Known to be kept: kept rows may be fetched and used.
  [[nodiscard]] bool kept() const { return decided && work->kept; }
  /// Strips whose scores are complete in P.V's place of the pipeline.
  [[nodiscard]] bool finished() const {
    if (!decided) return false;
    return work->kept ? outputs_done == strips()
                      : all_tiles_given() && outputs_done == (work->write_zeros ? strips() : 0);
  }
};

}  // namespace hdp
