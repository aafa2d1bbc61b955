// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/machine/hdp/attention_machine.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/lowering.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp::test {

/// One core, one context, a memory that only costs its hops and SRAMs without conflicts: what is
/// left is what the closed formulas of docs/hdp.md count.
HdpConfig unloaded(std::int64_t rows, std::int64_t columns, std::int64_t block_size = 2,
                   Precision precision = Precision::Uniform);

/// A head on its own: heads = kv_heads = 1.
LayerShape shape_of(const Problem& problem, std::int64_t d);

/// Kept columns of blocks, by row of blocks.
using Kept = std::vector<std::vector<std::int64_t>>;
/// `count` kept blocks in every row of blocks, as far left as they exist.
Kept leftmost(const Problem& problem, std::int64_t block_size, std::int64_t count);
Kept everything(const Problem& problem, std::int64_t block_size);

/// A plan made by hand. Every row of blocks has importance 100, so that early_keep can be tried.
HdpPlan plan_of(const Problem& problem, std::int64_t block_size, const Kept& kept,
                bool head_kept = true);

/// Everything that a machine reports.
struct Played {
  std::int64_t cycles = 0;
  std::vector<HeadRecord> records;
  std::vector<UnitReport> units;
  TensorBytes read{}, written{};
  MemoryStats memory;
  std::vector<WorkTotals> cores;
  Layout layout;

  [[nodiscard]] const UnitReport& unit(std::string_view instance) const;
  [[nodiscard]] std::int64_t counter(std::string_view instance, std::string_view name) const;
  [[nodiscard]] std::int64_t blocked(std::string_view instance, std::string_view reason) const;
  /// Busy cycles of core 0's PE array in a phase.
  [[nodiscard]] std::int64_t array(std::string_view phase) const;
  [[nodiscard]] const PhaseRecord& phase(RecordedPhase which, std::size_t head = 0) const;
  [[nodiscard]] std::int64_t read_of(Tensor tensor) const;
  [[nodiscard]] WorkTotals totals() const;
};

struct BenchOptions {
  IdleCycles idle_cycles = IdleCycles::Skip;
  std::vector<std::size_t> order;
};

/// All heads of a layer in slices; without plans dense attention.
std::vector<SliceWork> works_of(const HdpConfig& config, const Layout& layout,
                                std::span<const HdpPlan> plans, const Problem& problem);
Played play_works(const HdpConfig& config, std::span<const SliceWork> works,
                  const BenchOptions& options = {});
/// Heads 0, 1, .. of a layer with these plans.
Played play(const HdpConfig& config, const LayerShape& shape, std::span<const HdpPlan> plans,
            const BenchOptions& options = {});
/// One head of head size d.
Played play(const HdpConfig& config, std::int64_t d, const HdpPlan& plan,
            const BenchOptions& options = {});
/// Dense attention, all heads of `shape`.
Played play_dense(const HdpConfig& config, const LayerShape& shape, const Problem& problem,
                  const BenchOptions& options = {});

/// The fixed-point format of Q and K that `config` sets.
FixedPoint format_of(const HdpConfig& config);

/// Idle, busy, blocked and counters of every unit: equal for equal runs.
std::vector<std::int64_t> accounts(const Played& played);

}  // namespace hdp::test
