// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <hdp/machine/spatten_rtl.hpp>
#include <hdp/report/run_table.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// A run of the authors' RTL beside the run it is measured against.
struct SpattenRtlComparison {
  SpattenRtlResult run;
  std::optional<SpattenRtlResult> baseline{};
  std::string baseline_name{};  ///< "same", or the machine's name.
};

/// The same as a row of a table; the run needs a baseline.
TableRow table_row(const SpattenRtlComparison& comparison, std::string workload, std::string label);

/// The canonical, complete text of the machine: reading it gives the same machine.
std::string machine_text(const SpattenRtlConfig& config);

/// Format "report-1" (docs/spatten_rtl.md). `rows` are those that ran; `detail` adds what became of
/// each.
std::string report_json(const SpattenRtlComparison& comparison, const SpattenWorkload& workload,
                        std::span<const SpattenRow> rows, bool detail);
/// The same for people.
std::string report_text(const SpattenRtlComparison& comparison, const SpattenWorkload& workload);

}  // namespace hdp
