// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <hdp/machine/spatten.hpp>
#include <hdp/report/run_table.hpp>

namespace hdp {

/// What a run of SpAtten's machine was made on.
struct SpattenInput {
  std::string name, sha256;
  std::string stage;  ///< "prefill" or "decode".
  std::int64_t layers = 0, heads = 0, steps = 0;
};
SpattenInput input_of(const Trace& trace);
SpattenInput input_of(const SpattenWorkload& workload, std::span<const SpattenRow> rows);

/// A run of SpAtten's machine beside the run it is measured against.
struct SpattenComparison {
  SpattenResult run;
  std::optional<SpattenResult> baseline{};
  std::string baseline_name{};  ///< "same", or the machine's name.
};

/// The same as a row of a table; the run needs a baseline.
TableRow table_row(const SpattenComparison& comparison, std::string workload, std::string label);

/// The canonical, complete text of the machine: reading it gives the same machine.
std::string machine_text(const SpattenConfig& config);

/// Format "report-1" (docs/spatten_machine.md). `detail` adds the phases of every head.
std::string report_json(const SpattenComparison& comparison, const SpattenInput& input,
                        bool detail);
/// The same for people.
std::string report_text(const SpattenComparison& comparison, const SpattenInput& input);

}  // namespace hdp
