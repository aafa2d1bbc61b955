// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hdp/study/sweep/points.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// Paths of a sweep that begin so are settings of the workload: `layer`, `hidden`, `ffn`, `rows`
/// and `iteration`, as `run` takes them, and those of a synthetic workload's file.
inline constexpr std::string_view kWorkloadPrefix = "workload.";

/// The workload with those of `settings` that are its own.
Workload sweep_workload(const Catalog& catalog, const std::string& name,
                        const std::vector<PointSetting>& settings);

}  // namespace hdp
