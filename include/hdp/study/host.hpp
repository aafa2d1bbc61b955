// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <hdp/report/run_table.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// Measures what this computer takes for the dense attention of a workload, in float with Eigen, on
/// the calling thread; its layers, where it has them, are left out. The one thing here that depends
/// on wall time: no result does. UserError as refuse_without_values().
HostTime time_on_host(const Workload& workload);

/// UserError for a workload of rows: there is nothing to multiply.
void refuse_without_values(std::span<const Workload> workloads);

}  // namespace hdp
