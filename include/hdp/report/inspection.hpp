// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <hdp/workload/safetensors.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// What is in a trace, or in every trace of a batch, and how its values are distributed, as JSON
/// text. Not for rows.
std::string inspection_json(const Workload& workload);
/// The same for people.
std::string inspection_text(const Workload& workload);

/// The same for a tensor file that is no trace: tensors, metadata and the values of each tensor.
std::string inspection_json(const Safetensors& file, std::string_view name,
                            std::string_view sha256);
std::string inspection_text(const Safetensors& file, std::string_view name,
                            std::string_view sha256);

}  // namespace hdp
