// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hdp/base/check.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp::layer {

/// The units that take actions, each in the order of its own list.
enum class Track : std::uint8_t { Weights, Inputs, Matrix, Softmax, Vector, Outputs, Count };
inline constexpr std::size_t kTracks = static_cast<std::size_t>(Track::Count);

/// How many actions of each track must have ended: they end in order.
struct Needs {
  std::array<std::uint32_t, kTracks> ended{};

  std::uint32_t& operator[](Track track) { return ended[static_cast<std::size_t>(track)]; }
  void also(const Needs& other) {
    for (std::size_t t = 0; t < kTracks; ++t) ended[t] = std::max(ended[t], other.ended[t]);
  }
  void also(Track track, std::uint32_t count) { (*this)[track] = std::max((*this)[track], count); }
};

/// What a unit does in one go: a transfer of ranges, a pass of the array, a job of a stream unit.
struct Action {
  Needs needs{};
  std::uint32_t phase = 0;        ///< Of the program.
  std::uint32_t first_range = 0;  ///< Of the program,
  std::uint32_t ranges = 0;       ///< and how many.
  Tensor tensor = Tensor::Activations;
  bool sparse = false;
  std::int64_t cycles = 0;
  std::int64_t products = 0;
};

/// A static schedule as plain data: nothing in it depends on time.
struct Program {
  std::array<std::vector<Action>, kTracks> tracks;
  std::vector<FetchRange> ranges;
  std::vector<std::string> phases;

  [[nodiscard]] const std::vector<Action>& of(Track track) const {
    return tracks[static_cast<std::size_t>(track)];
  }
  [[nodiscard]] std::uint32_t count(Track track) const {
    return static_cast<std::uint32_t>(of(track).size());
  }
  /// Returns how many actions its track has now: who needs it needs so many.
  std::uint32_t add(Track track, const Action& action) {
    tracks[static_cast<std::size_t>(track)].push_back(action);
    return count(track);
  }
  /// The same for a transfer of the ranges behind `first_range`.
  std::uint32_t add_transfer(Track track, Action action, std::size_t first_range) {
    action.first_range = static_cast<std::uint32_t>(first_range);
    action.ranges = static_cast<std::uint32_t>(ranges.size() - first_range);
    return add(track, action);
  }
  std::uint32_t add_transfer(Track track, const Action& action, std::uint64_t address,
                             std::int64_t bytes) {
    ranges.push_back({address, static_cast<std::uint32_t>(bytes)});
    return add_transfer(track, action, ranges.size() - 1);
  }
  std::uint32_t add_phase(std::string name) {
    phases.push_back(std::move(name));
    return static_cast<std::uint32_t>(phases.size() - 1);
  }
};

}  // namespace hdp::layer
