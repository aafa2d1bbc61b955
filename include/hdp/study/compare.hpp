// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <hdp/study/beside.hpp>
#include <hdp/study/calibrate.hpp>
#include <hdp/study/table.hpp>

namespace hdp {

using Machines = std::vector<std::shared_ptr<const Machine>>;

/// Every machine with as much of a resource as the first has, as near as it can be built.
Machines with_equal(const Machines& machines, const std::vector<Resource>& resources);

/// A row a workload and machine, each beside the baseline: every machine's own, or one for all.
/// UserError where a machine cannot play a workload, and for a change that changes nothing in any
/// row, before anything is played. With targets every machine that has knobs is calibrated to them
/// first, on each workload, and the row says what was set.
std::vector<TableRow> compare(const Machines& machines, const std::vector<Workload>& workloads,
                              const Baseline& baseline, const TableOptions& options,
                              const std::vector<Target>& at = {});

/// Whether the texts of these files are finished reports: all of them, or none. UserError where
/// some are.
bool are_reports(const std::vector<std::string>& files);
/// A row a finished report, as they are.
std::vector<TableRow> compare_reports(const std::vector<std::string>& files);

/// A row a workload and step of the machine's ablation, over the first step. UserError for a change
/// that changes nothing in any step.
std::vector<TableRow> ablate(const Machine& machine, const std::vector<Workload>& workloads,
                             const TableOptions& options);

}  // namespace hdp
