// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
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

/// A trace on the machine, problem after problem: in a prefill layer by layer, in a decode step by
/// step through all layers. Each is planned, lowered and played. Configuration and trace must
/// outlive it.
class HdpPlay {
 public:
  HdpPlay(const HdpConfig& config, const Trace& trace, const PlayOptions& options);
  HdpPlay(const HdpPlay&) = delete;
  HdpPlay& operator=(const HdpPlay&) = delete;

  /// To the first event at or behind `end`, or to the end of the work.
  void run_until(Cycle end);
  [[nodiscard]] bool done() const { return !under_way_ && problem_ == problems_of_layer_; }
  [[nodiscard]] Cycle now() const { return Cycle{0} + machine_.cycles(); }
  HdpResult result();

 private:
  void lay_out(const LayerShape& shape, const Problem& largest);
  void start_problem();
  void end_problem();
  void take(const PlannedLayer& layer);
  void close_up(std::size_t layer, const Problem& live);
  void lower(const PlannedProblem& problem, const Layout& layout);
  void lower_slices(const PlannedProblem& problem, const Layout& layout,
                    std::vector<SliceWork>& works);
  void count_shared_bytes(const PlannedProblem& problem, const Layout& layout);
  void rank(const PlannedProblem& problem);

  const HdpConfig& config_;
  const Trace& trace_;
  const PlayOptions options_;
  HdpFormats formats_;
  std::optional<StagePlanner> planner_;  ///< Once the layouts have been found to fit.
  Lowering lowering_;
  TopKEngine top_k_;
  AttentionMachine machine_;
  std::vector<SliceWork> works_;
  std::vector<SliceWork> shared_works_;  ///< What slices would do, where heads go alone.
  std::vector<Layout> full_;             ///< Of the layers with all their tokens.
  Imbalance imbalance_;
  std::int64_t problems_of_layer_ = 0;
  std::int64_t problem_ = 0, layer_ = 0;  ///< Under way, or next.
  bool under_way_ = false;
  HdpResult result_;
};

}  // namespace hdp
