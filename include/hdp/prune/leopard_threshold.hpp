// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hdp/prune/leopard_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// The least integer t with t * unit >= threshold, the product in double; unit > 0. Where it is
/// beyond every score of any head, +-(2^62 + 1).
std::int64_t least_score(double threshold, double unit);

/// UserError where thresholds are given, but neither one nor as many as layers; `where` names the
/// settings.
void check_thresholds(const LeopardSettings& settings, std::int64_t layers,
                      const std::string& where);

/// The threshold of every layer of a trace: as given, or calibrated on its allowed pairs. UserError
/// as above.
std::vector<double> leopard_thresholds(const Trace& trace, const LeopardSettings& settings,
                                       bool causal, unsigned threads);

}  // namespace hdp
