// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/matrix_engine.hpp>

namespace hdp {

/// What a machine plays the layers around its attention on: its own array, memory and clock.
struct LayerEngine {
  LayerConfig config;
  MatrixArray array;
  /// Kinds of unit that are this array in attention: one at least.
  std::vector<std::string_view> units;
  bool shares_buffers = false;  ///< Attention has the buffers and units of the group, too.
  MemoryConfig memory;
  EnergyTable energy;
  std::int64_t clock_mhz = 1000;
};

}  // namespace hdp
