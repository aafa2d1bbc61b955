// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/prune/hdp_trace.hpp>

namespace hdp {

/// The kept entries of one query: keys in rising order and their scores S.
struct ScoreRow {
  std::vector<std::int32_t> keys;
  std::vector<std::int64_t> scores;
};

/// Leaves of a row what probability estimation did; all of it without that stage.
void keep_survivors(const HdpPlan& plan, std::int64_t i, ScoreRow& row);

/// Scores and outputs of a planned head (numerics: HDP, steps 5 to 7). Scratch is kept.
class HdpScorer {
 public:
  explicit HdpScorer(HdpSettings settings) : settings_(std::move(settings)) {}

  /// Takes a head with its fraction planes and V; `head` must outlive the calls below.
  void load(const HdpHead& head);
  /// Scores of the kept entries of query i of the plan's problem, at scale 2^f.
  void scores(const HdpPlan& plan, std::int64_t i, ScoreRow& row);
  /// out [d] = softmax . V of that query; `row` as scores() left it. A pruned head gives 0.
  void output(const HdpPlan& plan, std::int64_t i, const ScoreRow& row, std::span<double> out);
  /// The softmax of the last output(): one a key of its row, or with masked = zero one a visible
  /// key.
  [[nodiscard]] std::span<const double> probabilities() const { return p_; }

 private:
  void load_narrow();

  HdpSettings settings_;
  const HdpHead* head_ = nullptr;
  bool narrow_ = false;
  /// [Iq | Fq] and [K | Ik] of every row: one product of length 2d is S, for S = Iq.K + Fq.Ik.
  Matrix<std::int16_t> queries_, keys_;
  std::vector<std::int32_t> all_keys_;
  std::vector<double> p_;
};

}  // namespace hdp
