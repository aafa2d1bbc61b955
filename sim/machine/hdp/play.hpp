// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "machine/hdp/stage_planner.hpp"
#include <hdp/machine/hdp/run.hpp>
#include <hdp/units/top_k_engine.hpp>

namespace hdp {

/// Largest over mean of the kept blocks per row block, mean over strips.
class Imbalance {
 public:
  void add(const HdpPlan& plan, std::int64_t rows_of_blocks);
  [[nodiscard]] double mean() const {
    return strips_ == 0 ? 1.0 : ratios_ / static_cast<double>(strips_);
  }

 private:
  double ratios_ = 0;
  std::int64_t strips_ = 0;
};

/// Traces side by side on the machine, problem after problem: in a prefill layer by layer, in a
/// decode step by step through all layers. Each is planned, lowered and played for all sequences
/// together; one that has no more steps is left out. Configuration and traces must outlive it.
class HdpPlay {
 public:
  HdpPlay(const HdpConfig& config, std::span<const Trace> sequences, const PlayOptions& options);
  HdpPlay(const HdpPlay&) = delete;
  HdpPlay& operator=(const HdpPlay&) = delete;

  /// To the first event at or behind `end`, or to the end of the work.
  void run_until(Cycle end);
  [[nodiscard]] bool done() const { return !under_way_ && problem_ == problems_of_layer_; }
  [[nodiscard]] Cycle now() const { return Cycle{0} + machine_.cycles(); }
  HdpResult result();

 private:
  /// Slices of some problems; storage is kept.
  struct Slices {
    std::vector<SliceWork> works;
    std::size_t count = 0;
    [[nodiscard]] std::span<const SliceWork> span() const { return std::span(works).first(count); }
  };

  void lay_out(const LayerShape& shape, const Problem& largest);
  void start_problem();
  void end_problem();
  void take(std::size_t sequence, const PlannedLayer& layer);
  void close_up(std::size_t place, const Problem& live);
  void lower(std::size_t sequence, const PlannedProblem& problem, const Layout& layout);
  void lower_slices(std::size_t sequence, const PlannedProblem& problem, const Layout& layout,
                    Slices& slices);
  void count_shared_bytes(std::size_t sequence, const PlannedProblem& problem, Layout layout,
                          std::span<const SliceWork> apart);
  void rank();
  /// Of the current layer: its place among the layouts.
  [[nodiscard]] std::size_t place(std::size_t sequence) const;
  /// Calls visit(sequence, its problem) for the sequences that have the current one.
  template <class Visit>
  void for_each_live(Visit visit);

  const HdpConfig& config_;
  const std::span<const Trace> sequences_;
  const PlayOptions options_;
  HdpFormats formats_;
  std::deque<StagePlanner> planners_;  ///< By sequence, once the layouts have been found to fit.
  Lowering lowering_;
  TopKEngine top_k_;
  AttentionMachine machine_;
  Slices slices_;
  Slices shared_;             ///< What slices would do, where heads go alone.
  std::vector<Layout> full_;  ///< Of the layers with all their tokens.
  Imbalance imbalance_;
  std::vector<std::int64_t> problems_;    ///< Of a layer, by sequence;
  std::int64_t problems_of_layer_ = 0;    ///< the most.
  std::int64_t problem_ = 0, layer_ = 0;  ///< Under way, or next.
  bool under_way_ = false;
  HdpResult result_;
};

}  // namespace hdp
