// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/kernel/engine.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/slice_work.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace hdp {

/// The cores and the memory of a co-processor, on one clock (docs/hdp.md). Problems are played one
/// after another; time goes on. Several machines may live in a process.
class AttentionMachine {
 public:
  explicit AttentionMachine(const HdpConfig& config, IdleCycles idle_cycles = IdleCycles::Skip);
  /// The same with this memory in place of the one of `config`.
  AttentionMachine(const HdpConfig& config, IdleCycles idle_cycles,
                   std::unique_ptr<MemorySimulator> memory);
  AttentionMachine(AttentionMachine&&) noexcept;
  AttentionMachine& operator=(AttentionMachine&&) noexcept;
  ~AttentionMachine();

  /// Plays the slices of one problem to their end, which must live until then. Returns the phases
  /// of all heads, by head; valid until the next call.
  std::span<const HeadRecord> play(std::span<const SliceWork> slices);
  /// The same in pieces: start() once, then advance() until it says that all slices have ended, and
  /// records(). advance() stops at the first event at or behind `end`.
  void start(std::span<const SliceWork> slices);
  bool advance(Cycle end);
  std::span<const HeadRecord> records();
  /// Ranks on the top-k engine, one job after another; everything else waits. Only where the
  /// configuration cascades.
  void rank(std::span<const std::int64_t> cycles);
  /// The number of cycles played so far.
  [[nodiscard]] Cycles cycles() const;
  /// Draws what happens from now on; null draws nothing.
  void set_timeline(TimelineSink* sink);
  /// Ticks the units in this order, a permutation of 0 .. unit_count()-1. Changes no result.
  void set_tick_order(std::span<const std::size_t> order);
  [[nodiscard]] std::size_t unit_count() const;

  /// Every unit's account of the run so far. Checks the identities: every cycle charged once, bytes
  /// asked for by the cores = bytes served by the memory.
  std::vector<UnitReport> units();
  /// What the end of the last problem hung on, back to the first cycle.
  [[nodiscard]] std::vector<CriticalTime> critical_path() const;
  [[nodiscard]] TensorBytes read_bytes() const;
  [[nodiscard]] TensorBytes written_bytes() const;
  [[nodiscard]] const MemoryStats& memory_stats() const;
  /// What the DRAM did, after units(); null where the memory is none of ours.
  [[nodiscard]] const DramUse* dram() const;
  /// Operations of all heads played so far, by core.
  [[nodiscard]] std::vector<WorkTotals> totals() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp
