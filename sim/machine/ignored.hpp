// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/config/ignored.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

/// Adds what a machine with a memory and an energy table ignores of `memory` and `energy`.
inline void add_ignored_by_memory(IgnoredSettings& list, const MemoryConfig& memory,
                                  const EnergyTable& energy) {
  add_ignored(list, "memory", ignored_settings(memory));
  if (!memory.ideal())
    add_ignored(list, {"energy.dram_bit"}, "the DRAM's currents price its bits",
                "memory.model=ideal");
  if (technology_of(energy).macros.empty())
    add_ignored(list, {"energy.two_port_energy", "energy.two_port_area", "energy.two_port_leakage"},
                "the table has no SRAM macros", "energy_table=cacti7");
  else
    add_ignored(list, {"energy.sram_64_at_8kib", "energy.sram_area_bit"},
                "the macros of the table price SRAM", "energy_table=recalled_45nm");
}

/// Adds the group `layer` where attention alone is played; codes and masks of an encoder's weights
/// make the Q, K and V of that, too.
inline void add_ignored_by_layers(IgnoredSettings& list, const Workload& workload) {
  constexpr const char *kWhy = "attention alone is played", *kNeeds = "--layer whole";
  if (workload.layer_widths()) return;
  if (workload.encoder() == nullptr) return add_ignored(list, {"layer"}, kWhy, kNeeds);
  add_ignored(list,
              {"layer.input_buffer_bytes", "layer.weight_buffer_bytes", "layer.output_buffer_bytes",
               "layer.vector_lanes", "layer.vector_latency_cycles", "layer.fetch"},
              kWhy, kNeeds);
}

/// Adds the prices of multiplexers, of a kind that has them in layers of N:M weights only.
inline void add_ignored_multiplexers(IgnoredSettings& list, const LayerConfig& layer,
                                     const Workload& workload) {
  if (!workload.layer_widths() || !layer.pattern().sparse())
    add_ignored(list, {"energy.mux_32", "energy.mux_area_32"},
                "this kind has multiplexers for N:M weights only",
                "--layer whole with layer.kept and layer.of, or a machine of kind hdp or spatten");
}

}  // namespace hdp
