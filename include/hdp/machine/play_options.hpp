// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <hdp/base/log.hpp>
#include <hdp/kernel/idle_cycles.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace hdp {

class HeadMaps;  // hdp/machine/head_map.hpp
class SharedCache;

/// How a run is made; what it finds out depends on none of it but `memory`.
struct PlayOptions {
  /// Compare outputs with dense attention in double: yes, no, or where there are values to compare.
  std::optional<bool> fidelity{};
  bool causes = false;   ///< With that comparison: the error by its causes, too.
  unsigned threads = 1;  ///< For the decisions.
  IdleCycles idle_cycles = IdleCycles::Skip;
  std::vector<std::size_t> order{};  ///< Of the units' ticks; empty: as they were added.
  TimelineSink* timeline = nullptr;
  HeadMaps* maps = nullptr;  ///< What some heads keep is counted here.
  /// Makes a memory that takes the place of the configuration's (docs/memory.md).
  std::function<std::unique_ptr<MemorySimulator>()> memory{};
  /// Told how much of all work has been played.
  std::function<void(std::int64_t done, std::int64_t total)> observer{};
  Log log{};
  /// What runs of different settings find out alike (decisions) is kept here, and found here.
  SharedCache* shared = nullptr;

  [[nodiscard]] bool compares() const { return fidelity.value_or(true); }
  [[nodiscard]] bool splits_error() const { return causes && compares(); }
};

}  // namespace hdp
