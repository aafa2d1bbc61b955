// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/machine/result.hpp>

namespace hdp {

/// What instances of a unit have in common: "core3.pe_array" -> "pe_array", "core3" -> "core".
std::string kind_of_instance(const std::string& instance);
/// "17.3 MB".
std::string bytes_text(std::int64_t bytes);
/// "k 17.3 MB, v 1.2 MB; written out 3.4 MB": the tensors that were moved.
std::string by_tensor(const MemoryUse& memory);
/// A table of the units: busy, idle and blocked shares, mean over the instances of a unit.
std::string where_cycles_went(const std::vector<UnitReport>& units);
/// A table of the accounts of the critical path, the largest first.
std::string critical_path_text(const RunResult& run);
/// A table of what was relieved, and whether that confirms the limiter.
std::string what_if_text(const Comparison& comparison);
/// A table of energies, sums over the instances of a unit.
std::string energy_by_unit(const std::vector<UnitCost>& units);
/// What the DRAM did.
std::string dram_text(const DramUse& use);
/// What the pruning did to the output.
std::string fidelity_text(const Fidelity& fidelity);
/// "quantisation 0.0005, + approximation 0.1510, + pruning 0.1890": the error after each step.
std::string causes_text(const Fidelity& fidelity);
/// "layer 0, head 3: 1024 of 2080 pairs kept (49.2%)"; of a batch "sequence 1, layer 0, ...".
std::string map_text(const HeadMap& map, bool of_batch);
std::string number_or_dash(const std::optional<double>& value);
/// Lines of at most so many characters, broken at spaces, each with its newline.
std::string wrapped(const std::string& text, std::size_t width = 95);

}  // namespace hdp
