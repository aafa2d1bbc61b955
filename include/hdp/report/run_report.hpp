// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hdp/machine/run.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// A run beside the run it is measured against.
struct Comparison {
  RunResult run;
  std::optional<RunResult> baseline;
  std::string baseline_name;  ///< "same", or the machine's name.
};

/// The canonical, complete text of a machine: reading it gives the same machine.
std::string machine_text(const HdpConfig& config);

/// Format "report-1" (docs/report.md). `detail` adds the phases of every head.
std::string report_json(const Comparison& comparison, const Trace& trace, bool detail);
/// The same for people.
std::string report_text(const Comparison& comparison, const Trace& trace);

/// What bounds the run, seen from the PE arrays: their own work (pe_array) or what they were
/// blocked on most (memory, softmax, ...), as a share of all their cycles.
struct Limiter {
  std::string name;
  double share = 0;
};
Limiter limiter_of(const RunResult& run);

/// What a user should know about a result and may not see: in one sentence each.
std::vector<std::string> remarks_of(const Comparison& comparison);

}  // namespace hdp
