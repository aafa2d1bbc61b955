// SPDX-License-Identifier: Apache-2.0
#include "machine/ignored.hpp"
#include <hdp/base/one_line.hpp>
#include <hdp/machine/sta/config.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {

void validate(const StaConfig& config) {
  need_one_line("/name", config.name);
  validate(config.layer, "/layer");
  validate(config.memory);
  validate(config.energy);
}

IgnoredSettings ignored_settings(const StaConfig& config, const Workload& workload) {
  IgnoredSettings ignored;
  add_ignored(ignored, {"energy.compare_32", "energy.compare_area_32"},
              "this kind has no comparators", "a machine of kind hdp or spatten");
  if (!config.layer.pattern().sparse())
    add_ignored(ignored, {"energy.mux_32", "energy.mux_area_32"}, "dense weights need no selector",
                R"(layer={"kept": 2, "of": 8})");
  else if (!workload.layer_widths())
    add_ignored(ignored, {"energy.mux_32"}, "attention selects nothing", "--layer whole");
  add_ignored_by_memory(ignored, config.memory, config.energy);
  return ignored;
}

StaConfig without_pruning(StaConfig config) {
  config.layer.kept = config.layer.of = 0;
  return config;
}

MatrixArray matrix_array(const StaConfig& config) {
  return {.rows = config.array.rows,
          .columns = config.array.columns,
          .depth = config.array.depth,
          .latency_cycles = config.array.latency_cycles};
}

}  // namespace hdp
