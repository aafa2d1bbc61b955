// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/base/facts.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp::fuzz {

/// The settings of a trace that is played in no time: its shape, its type and its values' seed.
const Facts& tiny_trace_schema();

/// The file of such a trace. UserError for settings that make none.
std::string tiny_trace_bytes(const Facts& settings);
Trace tiny_trace(const Facts& settings);

}  // namespace hdp::fuzz
