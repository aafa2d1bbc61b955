// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <hdp/machine/result.hpp>

namespace hdp {

/// What a run is measured by where it prunes. Sparsities are shares removed, as the kind counts
/// them; `prune_ratio` is the same for every kind: the share of dense attention's products with V
/// that were not made. The last two compare outputs.
inline constexpr std::array<std::string_view, 6> kMeasures{"block_sparsity", "head_sparsity",
                                                           "net_sparsity",   "prune_ratio",
                                                           "mass_kept",      "relative_frobenius"};

/// Whether a run without fidelity has no such measure.
bool compares_outputs(std::string_view key);

/// Nothing where the run has no such number; LogicFault for what is no measure.
std::optional<double> measure_of(const RunResult& run, std::string_view key);
/// The same of one layer, of all sequences together.
std::optional<double> measure_of(const RunResult& run, std::string_view key, std::size_t layer);

}  // namespace hdp
