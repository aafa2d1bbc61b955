// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <hdp/machine/result.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp {

/// The bytes of those tensors, in the order of their words; others only where they moved.
std::vector<Counter> tensor_counters(const TensorBytes& bytes, const std::vector<Tensor>& always);

/// LogicFault unless what the units asked for is what the memory served.
void check_bytes(const TensorBytes& read, const TensorBytes& written, const MemoryStats& stats);

/// What a memory of ours, or one from outside, has moved.
MemoryUse memory_use(const MemoryStats& stats, const std::optional<DramUse>& dram, bool foreign);

/// What a user should know of the DRAM, where there is one.
void add_dram_remarks(const std::optional<DramUse>& dram, std::vector<std::string>& remarks);

}  // namespace hdp
