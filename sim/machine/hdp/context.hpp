// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/machine/hdp/slice_work.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp {

/// Streams of loads and stores, as the fetch unit hands their number back.
enum class Stream : std::uint8_t { Planes, Kept, Values, Stores, Count };
inline constexpr std::size_t kStreams = static_cast<std::size_t>(Stream::Count);

/// One slice on a core: how far each step of it has come. Counters only grow, so that readiness is
/// a comparison.
struct Context {
  struct Progress {
    std::int64_t asked = 0, done = 0;
  };
  struct Jobs {
    std::int64_t given = 0, done = 0;
  };
  struct Head {
    bool decided = false;
    std::array<PhaseRecord, kRecordedPhases> phases{};
  };

  const SliceWork* work = nullptr;  ///< Nothing: free.
  std::array<Progress, kStreams> streams{};
  // The next tile to give to the PE array.
  std::size_t group = 0;
  std::int64_t tile = 0;
  std::size_t strip = 0;
  bool first_of_tile = true;  ///< No strip has taken it yet.
  std::int64_t tiles_done = 0;
  std::int64_t masks = 0;          ///< Strips whose masks are known.
  std::int64_t scored = 0;         ///< Strips whose scores are complete,
  std::int64_t probabilities = 0;  ///< and which have left the softmax unit.
  Jobs fractions, values;
  std::int64_t verdicts = 0;  ///< Rounds that are decided.
  std::vector<Head> heads;

  void begin(const SliceWork& slice) {
    auto storage = std::move(heads);
    *this = Context{};
    work = &slice;
    heads = std::move(storage);
    heads.clear();
    for (const SliceHead& head : slice.heads) heads.push_back({.decided = head.decided});
    if (!slice.groups.empty()) strip = slice.groups.front().first;
  }
  [[nodiscard]] Progress& stream(Stream of) { return streams[static_cast<std::size_t>(of)]; }
  [[nodiscard]] const Progress& stream(Stream of) const {
    return streams[static_cast<std::size_t>(of)];
  }
  [[nodiscard]] Head& head_of(std::uint32_t strip_index) {
    return heads[work->strips[strip_index].head];
  }
  [[nodiscard]] bool all_tiles_given() const { return group == work->groups.size(); }
  /// Known to be kept: its kept rows may be fetched and used.
  [[nodiscard]] bool kept(std::uint32_t strip_index) const {
    const std::uint32_t head = work->strips[strip_index].head;
    return heads[head].decided && work->heads[head].kept;
  }
  [[nodiscard]] bool undecided() const {
    return std::ranges::any_of(heads, [](const Head& head) { return !head.decided; });
  }
  /// On to the next strip that sees the tile, the next tile, or the next group.
  void next_tile() {
    const TileGroup* at = &work->groups[group];
    first_of_tile = false;
    ++strip;
    if (strip < at->first + at->strips) return;
    first_of_tile = true;
    if (++tile == at->tiles) {
      tile = 0;
      if (++group == work->groups.size()) return;
      at = &work->groups[group];
    }
    for (strip = at->first; work->strips[strip].tiles <= tile;) ++strip;
  }
  /// The masks of these strips are known, and so are their heads that will be kept.
  [[nodiscard]] bool masked(const StripRange& strips) const {
    if (masks < strips.end) return false;
    for (std::uint32_t s = strips.first; s < strips.end; ++s)
      if (const std::uint32_t head = work->strips[s].head;
          work->heads[head].kept && !heads[head].decided)
        return false;
    return true;
  }
  [[nodiscard]] std::int64_t jobs_done(Gate gate) const {
    return gate == Gate::Tiles       ? tiles_done
           : gate == Gate::Fractions ? fractions.done
                                     : values.done;
  }
  [[nodiscard]] bool finished() const {
    return !undecided() && all_tiles_given() &&
           values.done == static_cast<std::int64_t>(work->values.size()) &&
           stream(Stream::Stores).done == static_cast<std::int64_t>(work->stores.size());
  }
};

}  // namespace hdp
