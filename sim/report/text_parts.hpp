// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hdp/machine/attention_machine.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/run.hpp>
#include <hdp/memory/dram_result.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp {

/// "17.3 MB".
std::string bytes_text(std::int64_t bytes);
/// "k 17.3 MB, v 1.2 MB": the tensors that were moved.
std::string by_tensor(const TensorBytes& bytes);
/// A table of the units: busy, idle and blocked shares, mean over the instances of a unit.
std::string where_cycles_went(const std::vector<UnitReport>& units);
/// A table of energies, sums over the instances of a unit.
std::string energy_by_unit(const EnergyReport& energy);
/// A line on what the DRAM did.
std::string dram_text(const DramUse& use);
/// A line on what the pruning did to the output.
std::string fidelity_text(const Fidelity& fidelity);
std::string number_or_dash(const std::optional<double>& value);

}  // namespace hdp
