// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "request.hpp"
#include "shape.hpp"
#include <hdp/machine/spatten_rtl/run.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp::spatten_rtl {

Shape shape_of(const SpattenRtlConfig& config);

/// The rows as the authors' bench offers them. UserError, with `origin` and the number of the row,
/// for what the RTL refuses.
std::vector<Request> make_requests(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                   const std::string& origin);

}  // namespace hdp::spatten_rtl
