// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include <hdp/machine/spatten_rtl.hpp>
#include <hdp/workload/spatten_workload.hpp>

#include "request.hpp"
#include "shape.hpp"

namespace hdp::spatten_rtl {

Shape shape_of(const SpattenRtlConfig& config);

/// The rows as the authors' bench offers them. UserError for what the RTL refuses.
std::vector<Request> make_requests(const SpattenRtlConfig& config,
                                   std::span<const SpattenRow> rows,
                                   std::span<const std::int64_t> requantised);

}  // namespace hdp::spatten_rtl
