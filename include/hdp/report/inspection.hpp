// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/workload/trace.hpp>

namespace hdp {

/// What is in a trace and how its values are distributed, as JSON text.
std::string inspection_json(const Trace& trace);
/// The same for people.
std::string inspection_text(const Trace& trace);

}  // namespace hdp
