// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/json_text.hpp"
#include <hdp/config/section.hpp>
#include <hdp/machine/attention_machine.hpp>
#include <hdp/machine/energy.hpp>
#include <hdp/machine/run.hpp>

namespace hdp {

/// What every report of format "report-1" begins with.
struct ReportHead {
  std::string machine;
  std::string config;  ///< Canonical text of the resolved machine.
  std::int64_t seed = 0, cycles = 0, clock_mhz = 0;
  double time_ns = 0;
};
Json head_json(const ReportHead& head, Json workload);

Json units_json(const std::vector<UnitReport>& units);

/// Bytes by tensor, read and written.
struct TensorsJson {
  Json read, written;
};
Json memory_json(const std::string& name, TensorsJson tensors, const MemoryStats& stats,
                 const std::optional<DramUse>& dram);

Json costs_json(const std::vector<UnitCost>& units, double total);

/// Output error by layer and in total.
Json error_json(std::span<const Fidelity> of_layers, const Fidelity& total);

/// Where the settings that shape the headline come from; energies carry their own sources. A value
/// that is not the default is nobody's but ours.
Json settings_provenance_json(const Section& config, const Section& defaults);
/// The same of a machine with a memory, energies and a cycle model of ours.
Json provenance_json(const Section& config, const Section& defaults);

}  // namespace hdp
