// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/prune/hdp_trace.hpp>
#include <hdp/prune/probability_bound.hpp>

namespace hdp {

/// Probability estimation on the kept entries of planned heads (docs/hdp.md): the integer plane
/// bounds all scores of a row; then fraction bits are read chunk by chunk for the keys whose
/// probability may still exceed the threshold. Scratch is kept.
class HdpEstimator {
 public:
  /// A stage that `settings` have; `fraction_bits` are those in use.
  HdpEstimator(const HdpSettings& settings, std::int64_t fraction_bits);

  /// A head with its fraction planes; it must outlive estimate().
  void load(const HdpHead& head) { head_ = &head; }
  /// Fills in the estimates of a plan; a pruned head has none.
  void estimate(HdpPlan& plan);

 private:
  void estimate_row(std::int64_t query, std::span<EntryFate> fates, EstimateCounts& counts);
  /// What the integer plane knows of a score, in units of 2^(-2f).
  [[nodiscard]] std::int64_t integer_part(std::int64_t query, std::int32_t key) const;
  /// What fraction chunk `chunk` adds to it.
  [[nodiscard]] std::int64_t chunk_part(std::int32_t key, std::int64_t chunk) const;

  bool approximation_;
  std::int64_t fraction_bits_;
  ProbabilityBound bound_;  ///< Chunk 0 is the integer plane.
  const HdpHead* head_ = nullptr;
  std::vector<std::int32_t> query_;  ///< What meets the fraction bits of keys.
  std::vector<std::int32_t> keys_;   ///< Of the row.
  std::vector<std::int64_t> partials_;
  std::vector<std::size_t> live_;
};

}  // namespace hdp
