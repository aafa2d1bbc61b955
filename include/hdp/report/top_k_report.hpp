// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hdp/units/top_k_engine.hpp>

namespace hdp {

/// The top-k engine on random values without meaningful ties, many times over.
struct TopKReport {
  TopKEngineConfig config;
  std::int64_t size = 0, k = 0;
  std::vector<std::int64_t> select_cycles;  ///< Of every sample, rising.
  std::int64_t filter_cycles = 0;
  std::int64_t worst_select_cycles = 0;
  double mean_rounds = 0, mean_comparisons = 0;
  std::int64_t sorter_cycles = 0, sorter_comparisons = 0, sorter_layers = 0;

  [[nodiscard]] double mean() const;
  [[nodiscard]] double deviation() const;
  /// The least number of cycles that this share of the samples does not exceed.
  [[nodiscard]] std::int64_t quantile(double share) const;
  /// Cycles of the sorter over those of the engine, filter included.
  [[nodiscard]] double throughput_ratio() const;
  /// Comparisons, which stand for energy: those of the sorter over those of the engine.
  [[nodiscard]] double comparison_ratio() const;
};

std::string top_k_json(const TopKReport& report);
std::string top_k_text(const TopKReport& report);

}  // namespace hdp
