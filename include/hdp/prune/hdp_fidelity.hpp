// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/numeric/dense_attention.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_scores.hpp>
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {

/// What pruning does to the output of one head: beside dense attention in double on the values of
/// the trace. Scratch is kept from head to head.
class HdpFidelity {
 public:
  explicit HdpFidelity(const HdpSettings& settings) : scorer_(settings) {}

  /// Starts on a head; `quantised` is the same head with its fraction planes and V.
  void load(const Trace& trace, std::int64_t layer, std::int64_t head, const HdpHead& quantised);
  /// Adds the queries of one planned problem; visit(row) sees the scores of all
  /// kept entries, in order.
  template <class Visit>
  void add(const HdpPlan& plan, Visit visit) {
    const std::int64_t band = DenseAttention::kMaxRows;
    for (std::int64_t top = 0; top < plan.problem.queries; top += band) {
      const std::int64_t height = std::min(band, plan.problem.queries - top);
      reference_rows(plan.problem, top, height);
      for (std::int64_t r = 0; r < height; ++r) {
        scorer_.scores(plan, top + r, row_);
        visit(row_);
        keep_survivors(plan, top + r, row_);
        compare(plan, top + r, r);
      }
    }
  }
  void add(const HdpPlan& plan) {
    add(plan, [](const ScoreRow&) {});
  }

  [[nodiscard]] const ErrorMeasure& error() const { return error_; }
  /// Dense probability on the entries used, summed over the queries added.
  [[nodiscard]] double mass() const { return mass_; }

 private:
  void reference_rows(const Problem& problem, std::int64_t top, std::int64_t height);
  void compare(const HdpPlan& plan, std::int64_t i, std::int64_t row_in_band);

  HdpScorer scorer_;
  DenseAttention dense_;
  Matrix<double> q_, k_, v_, p_, reference_;
  std::vector<double> out_;
  ScoreRow row_;
  ErrorMeasure error_;
  double mass_ = 0;
};

}  // namespace hdp
