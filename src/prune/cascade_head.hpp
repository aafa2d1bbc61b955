// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <hdp/numeric/dense_attention.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/prune/hdp_estimator.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_scores.hpp>
#include <hdp/prune/hdp_trace.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// What one head adds to a problem of its layer.
struct CascadeShare {
  std::vector<std::int64_t>
      importance;                ///< By token: sums of codes. Empty for a head that is gone.
  std::int64_t out_abs_sum = 0;  ///< Of the codes of the outputs, {16, 12}.
  std::int64_t entries = 0;      ///< Allowed, between live tokens.
  ErrorMeasure error;
  double mass = 0;
  HdpCounts counts;  ///< Of the values read, with the first problem only.
};

/// One head of a trace, played on some of its tokens.
class CascadeHead {
 public:
  CascadeHead(const Trace& trace, std::int64_t layer, std::int64_t head, const HdpFormats& formats,
              const HdpSettings& settings);

  /// `queries`: rows of the problem, `tokens`: keys, both ascending. Fills `plan`; null: the head
  /// is gone and gives zeros.
  CascadeShare play(const Problem& problem, std::span<const std::int32_t> queries,
                    std::span<const std::int32_t> tokens, HdpPlan* plan);

 private:
  void gather(const Problem& problem, std::span<const std::int32_t> queries,
              std::span<const std::int32_t> tokens);
  void compare(const Problem& problem, std::int64_t query, std::span<const std::int32_t> tokens,
               CascadeShare& share);

  HdpHead all_, live_;
  HdpPlanner planner_;
  std::optional<HdpEstimator> estimator_;
  HdpScorer scorer_;
  DenseAttention dense_;
  Matrix<double> q_, k_, v_, p_, reference_;
  ScoreRow row_;
  std::vector<double> out_;
  std::vector<std::int32_t> out_codes_;
  HdpCounts values_;
};

}  // namespace hdp
