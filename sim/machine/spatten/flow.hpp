// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "machine/spatten/head_work.hpp"
#include <hdp/machine/phase_record.hpp>

namespace hdp::spatten {

/// A kind of load, and how far a head has come with it. Counters only grow.
struct Loading {
  std::int64_t asked = 0, arrived = 0, converted = 0;
};

/// One slice on the machine: how far each step of it has come.
struct Flow {
  HeadWork work;
  std::int64_t key_room = 0, value_room = 0;  ///< Vectors of buffer it holds.
  bool value_room_taken = false;
  Loading keys, lsbs, values;

  std::int64_t query = 0, tile = 0;           ///< The next first pass for the QK array.
  std::vector<std::int32_t> seconds;          ///< Queries that need a second pass, in order.
  std::size_t second = 0;                     ///< The next of them,
  std::int64_t second_tile = 0;               ///< and its next tile.
  std::vector<std::uint8_t> passes;           ///< By query: passes whose probabilities are known.
  std::int64_t scored = 0;                    ///< Queries whose probabilities are final, in order.
  std::int64_t ranked_given = 0, ranked = 0;  ///< Queries whose values are being, are chosen.
  std::int64_t value_query = 0, value_job = 0;  ///< The next job for the PV array.
  std::int64_t values_done = 0;                 ///< Queries that have left it.
  std::int64_t value_jobs_done = 0;             ///< Jobs of the query that leaves next.
  bool output_asked = false, output_done = false;
  std::int64_t appends_asked = 0, appends_done = 0;

  std::vector<std::array<PhaseRecord, kRecordedPhases>> phases;  ///< By head.

  [[nodiscard]] const SpattenPass& pass() const { return *work.pass; }
  [[nodiscard]] std::int64_t queries() const { return std::ssize(work.pass->queries); }
  [[nodiscard]] const SpattenQueryWork& of(std::int64_t q) const {
    return work.pass->queries[static_cast<std::size_t>(q)];
  }
  [[nodiscard]] bool all_given() const { return query == queries(); }
  [[nodiscard]] bool all_scored() const { return scored == queries(); }
  [[nodiscard]] bool computed() const { return values_done == queries(); }
  [[nodiscard]] bool second_waits() const { return second < seconds.size(); }
  /// Whether it is known which values the heads use.
  [[nodiscard]] bool values_chosen() const {
    return !pass().single() || of(0).top_k_cycles == 0 || ranked == queries();
  }
  [[nodiscard]] bool written(bool with_output) const {
    return (!with_output || output_done) && appends_done == std::ssize(work.appends);
  }
  /// Of the head whose query it is.
  PhaseRecord& phase(RecordedPhase which, std::int64_t q) {
    return phases[static_cast<std::size_t>(q / pass().rows())][static_cast<std::size_t>(which)];
  }
};

}  // namespace hdp::spatten
