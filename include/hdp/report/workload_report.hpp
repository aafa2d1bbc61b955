// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <hdp/workload/spatten_workload.hpp>

namespace hdp {

/// What a published workload file asks for: rows, kept keys and values layer by layer, bits, and
/// the bytes that the RTL's mapping moves (`rtl_bytes`, null where the RTL could not run it).
std::string workload_json(const SpattenWorkload& workload);
/// The same for people.
std::string workload_text(const SpattenWorkload& workload);

}  // namespace hdp
