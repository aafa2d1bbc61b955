// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/base/facts.hpp>
#include <hdp/machine/result.hpp>

namespace hdp {

/// Format "report-1" (docs/report.md), the same keys for every kind of machine. `detail` adds the
/// phases of every head, and what became of every row.
Facts report_facts(const Comparison& comparison, bool detail);
/// The same as JSON text.
std::string report_json(const Comparison& comparison, bool detail);
/// The same for people.
std::string report_text(const Comparison& comparison);

}  // namespace hdp
