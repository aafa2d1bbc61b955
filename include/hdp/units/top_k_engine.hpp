// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include <hdp/base/random.hpp>
#include <hdp/config/field.hpp>

namespace hdp {

struct TopKEngineConfig {
  std::int64_t parallelism = 16;
  std::int64_t round_cycles = 3;
  std::int64_t seed = 1;

  static constexpr auto kFields = std::tuple{
      Field{&TopKEngineConfig::parallelism, "parallelism", "values/cycle",
            "Values that meet the pivot in a cycle, each in a comparator of either side.",
            Range{1, 4096}, Source::MeasuredRtl},
      Field{&TopKEngineConfig::round_cycles, "round_cycles", "cycles",
            "Of a round beside the passing of its values: pivot, last of the pipeline, decision.",
            Range{0, 1024}, Source::MeasuredRtl},
      Field{&TopKEngineConfig::seed, "seed", "", "Seed of the stream of pivots.", Range{0, 9e15}}};
};

/// What the engine kept, and what that took.
struct TopKSelection {
  std::vector<std::int32_t> kept;  ///< Places of the k largest, rising; of equals the first.
  std::int64_t threshold = 0;      ///< The k-th largest value.
  std::int64_t rounds = 0;
  std::int64_t select_cycles = 0;  ///< Of all rounds.
  std::int64_t filter_cycles = 0;  ///< Of the pass over the stored values that follows.
  std::int64_t comparisons = 0;    ///< Of values with pivots and with the threshold.
  [[nodiscard]] std::int64_t cycles() const { return select_cycles + filter_cycles; }
  friend bool operator==(const TopKSelection&, const TopKSelection&) = default;
};

/// SpAtten's quick select: every round splits the live values around a pivot among them into two
/// FIFOs, greater and less, and goes on with the one that holds the k-th largest; equals to the
/// pivot are only counted. Then the stored values pass once more, past the k-th largest and as many
/// of its equals as are wanted, through a zero eliminator. Unloaded: a round of n values takes
/// ceil(n / parallelism) + round_cycles, the filter ceil(n / parallelism) + the eliminator's
/// layers.
class TopKEngine {
 public:
  explicit TopKEngine(const TopKEngineConfig& config)
      : config_(config), pivots_(static_cast<std::uint64_t>(config.seed), "pivots") {}

  /// 1 <= k <= values. The stream of pivots runs on from call to call.
  TopKSelection select(std::span<const std::int64_t> values, std::int64_t k);

  /// The most that selecting among `size` values can take: one value less every round.
  [[nodiscard]] std::int64_t worst_select_cycles(std::int64_t size) const;

 private:
  void filter(std::span<const std::int64_t> values, std::int64_t k, TopKSelection& selection) const;

  TopKEngineConfig config_;
  RandomStream pivots_;
  std::vector<std::int64_t> live_, greater_, less_;
};

}  // namespace hdp
