// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "machine/token_picker/slice.hpp"
#include <hdp/base/quantity.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp::token_picker {

/// A token whose next chunk is wanted by the queries of `live`.
struct Wanted {
  std::uint32_t slot = 0;
  std::uint32_t token = 0;
  std::uint32_t live = 0;
  std::int32_t chunk = 0;
};

/// What a request to the memory was for; it comes back by its number.
struct Job {
  std::uint32_t slot = 0;
  bool store = false;
  std::uint32_t live = 0;  ///< Queries that want it.
  std::int32_t chunk = 0;
  std::int64_t first = 0;  ///< Token of the first vector,
  std::int64_t step = 1;   ///< from there to the next,
  std::int64_t left = 0;   ///< and vectors not yet dealt with.
  std::int64_t bytes = 0;
};

/// Consecutive bytes that go to or from a slice, but for keys and values.
struct Transfer {
  std::uint64_t address = 0;
  std::int64_t bytes = 0;
  Tensor tensor = Tensor::Q;
  bool write = false;
};

/// A slice under way.
struct Flow {
  Slice slice;
  std::vector<Transfer> transfers;  ///< Q, the new row of K and V, then the outputs,
  std::size_t asked = 0;            ///< those that have been asked for,
  std::int64_t loads_left = 0;      ///< rows of Q that are not there,
  std::int64_t stores_left = 0;     ///< and writes that have not ended.
  Cycle ready_at = kNever;          ///< The margins are known.
  std::int64_t place = 0;           ///< The next token whose first chunk is asked for.
  std::int64_t resolved = 0;        ///< Tokens that are kept or given up.
  std::vector<std::uint32_t> keep;  ///< By token: queries that read its V.
  std::vector<Wanted> pass;         ///< In order: tokens of the pass under way,
  std::size_t pass_asked = 0;       ///< those that have been asked for,
  std::vector<Wanted> next_pass;    ///< and those of the next.
  std::int64_t pass_left = 0;       ///< Tokens of this pass that are not decided on.
  bool softmax_given = false, softmax_done = false;
  std::vector<std::uint32_t> rows;  ///< Tokens whose V is read, ascending,
  std::size_t row = 0;              ///< the next of them,
  std::int64_t rows_left = 0;       ///< and those that are not done.
  bool outputs_given = false;
  std::array<PhaseRecord, kRecordedPhases> phases{};

  [[nodiscard]] bool all_resolved() const { return resolved == slice.tokens; }
  [[nodiscard]] bool done() const {
    return outputs_given && asked == transfers.size() && stores_left == 0;
  }
  PhaseRecord& phase(RecordedPhase which) { return phases[static_cast<std::size_t>(which)]; }
};

}  // namespace hdp::token_picker
