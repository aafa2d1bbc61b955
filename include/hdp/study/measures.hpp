// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <hdp/machine/result.hpp>
#include <hdp/report/calibration.hpp>

namespace hdp {

/// What a run is measured by where it prunes. Sparsities are shares removed, as the kind counts
/// them; `prune_ratio` is the same for every kind: the share of dense attention's products with V
/// that were not made. The last two compare outputs.
inline constexpr std::array<std::string_view, 6> kMeasures{"block_sparsity", "head_sparsity",
                                                           "net_sparsity",   "prune_ratio",
                                                           "mass_kept",      "relative_frobenius"};

/// Whether a run without fidelity has no such measure.
bool compares_outputs(std::string_view key);

/// Whether it rises as more is pruned, on the whole; else it falls.
bool rises_with_pruning(std::string_view key);

/// Nothing where the run has no such number; LogicFault for what is no measure.
std::optional<double> measure_of(const RunResult& run, std::string_view key);
/// The same of one layer, of all sequences together.
std::optional<double> measure_of(const RunResult& run, std::string_view key, std::size_t layer);

/// Where a measure is a share of things that the run counts: 9 heads of 36.
std::optional<Share> counts_of(const RunResult& run, std::string_view key);

}  // namespace hdp
