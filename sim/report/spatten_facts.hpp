// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/report/run_report.hpp>
#include <hdp/report/spatten_report.hpp>

namespace hdp {

/// What bounds the run: the array that is busier, by its own work, or what it was blocked on most.
Limiter limiter_of(const SpattenResult& run);

/// What a user should know about a result and may not see: in one sentence each.
std::vector<std::string> remarks_of(const SpattenResult& run, const SpattenInput& input);

}  // namespace hdp
