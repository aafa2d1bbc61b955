// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "request.hpp"
#include "shape.hpp"
#include <hdp/machine/spatten_rtl.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp::spatten_rtl {

Shape shape_of(const SpattenRtlConfig& config);

/// The rows as the authors' bench offers them. UserError for what the RTL refuses.
std::vector<Request> make_requests(const SpattenRtlConfig& config,
                                   std::span<const SpattenRow> rows);

}  // namespace hdp::spatten_rtl
