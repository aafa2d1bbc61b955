// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <hdp/workload/safetensors.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What is in a trace and how its values are distributed, as JSON text.
std::string inspection_json(const Trace& trace);
/// The same for people.
std::string inspection_text(const Trace& trace);

/// The same for a tensor file that is no trace: tensors, metadata and the values of each tensor.
std::string inspection_json(const Safetensors& file, std::string_view name,
                            std::string_view sha256);
std::string inspection_text(const Safetensors& file, std::string_view name,
                            std::string_view sha256);

}  // namespace hdp
