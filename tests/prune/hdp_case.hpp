// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "prune/naive_hdp.hpp"
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_scores.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/prune/hdp_trace.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::test {

/// A small layer and the settings to prune it with.
struct HdpCase {
  HdpSettings settings;
  LayerShape shape;
  Stage stage = Stage::Prefill;
  bool causal = false;
  std::array<std::vector<double>, 3> values;  ///< Q, K and V, all stored heads.

  /// The same values in the other forms: a trace, and the input of the naive definition.
  [[nodiscard]] Trace trace() const;
  [[nodiscard]] NaiveInput naive(std::int64_t head, const Problem& problem) const;
  [[nodiscard]] std::string describe() const;
};

/// Any case, for use inside a property: every shape, stage, mode and width, thresholds on both
/// sides, now and then more than 64 blocks in a row.
HdpCase arbitrary_hdp_case();

/// One query head of a case, loaded and planned with the library.
struct PlannedHead {
  PlannedHead(const HdpCase& c, std::int64_t query_head) : PlannedHead(c, query_head, c.settings) {}
  PlannedHead(const HdpCase& c, std::int64_t query_head, const HdpSettings& settings);
  PlannedHead(const PlannedHead&) = delete;  // the scorer refers to the head
  PlannedHead& operator=(const PlannedHead&) = delete;
  ~PlannedHead() = default;

  [[nodiscard]] ScoreRow scores(const HdpPlan& plan, std::int64_t i);
  [[nodiscard]] std::vector<double> output(const HdpPlan& plan, std::int64_t i);

  HdpHead head;
  std::vector<HdpPlan> plans;  ///< One a problem.
  std::vector<HdpPlanDetail> details;
  HdpScorer scorer;
};

}  // namespace hdp::test
