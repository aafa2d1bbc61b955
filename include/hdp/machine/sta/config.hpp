// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/machine/energy_table.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/matrix_engine.hpp>
#include <hdp/units/softmax_unit.hpp>

namespace hdp {

class Workload;

enum class StaKind : std::uint8_t { Sta };
template <>
struct EnumNames<StaKind> {
  static constexpr std::array<std::string_view, 1> kNames{"sta"};
};

/// The matrix engine.
struct StaArray {
  std::int64_t rows = 16, columns = 16;
  std::int64_t depth = 2;
  std::int64_t latency_cycles = 4;

  static constexpr auto kFields =
      std::tuple{Field{&StaArray::rows, "rows", "PEs", "Rows of PEs: of activations, or queries.",
                       Range{1, 1024}},
                 Field{&StaArray::columns, "columns", "PEs",
                       "Columns of PEs: of weights, keys, or dimensions of V.", Range{1, 1024}},
                 Field{&StaArray::depth, "depth", "multipliers",
                       "Multipliers of a PE: L groups of N weights.", Range{1, 256}},
                 Field{&StaArray::latency_cycles, "latency_cycles", "cycles",
                       "Multiplier, adder tree and accumulator.", Range{1, 256}}};
};

/// STA's machine (docs/sta.md). Its buffers are those of the group `layer`; attention uses them,
/// too.
struct StaConfig {
  StaKind kind = StaKind::Sta;
  std::string name = "sta";
  std::int64_t clock_mhz = 200;
  StaArray array;
  std::int64_t score_buffer_bytes = 131'072;
  SoftmaxConfig softmax{.lanes = 16, .latency_cycles = 16};
  LayerConfig layer{.kept = 2, .of = 8};
  MemoryConfig memory{.latency_cycles = 20};
  std::string energy_table = std::string(kInlineTable);
  EnergyTable energy;

  static constexpr auto kFields = std::tuple{
      Field{&StaConfig::kind, "kind", "", "The accelerator."},
      Field{&StaConfig::name, "name", "", "Name in reports."},
      Field{&StaConfig::clock_mhz, "clock_mhz", "MHz", "Core clock.", Range{1, 100'000}},
      Field{&StaConfig::array, "array", "", "The matrix engine."},
      Field{&StaConfig::score_buffer_bytes, "score_buffer_bytes", "bytes",
            "Scores of 32 bits of two strips of queries; their probabilities take their place.",
            Range{8, 1e9}},
      Field{&StaConfig::softmax, "softmax", "", "The softmax unit."},
      Field{&StaConfig::layer, "layer", "",
            "Buffers, widths and the vector unit, and the N:M pattern of weights."},
      Field{&StaConfig::memory, "memory", "", "The memory."},
      Field{&StaConfig::energy_table, "energy_table", "",
            "Table that `energy` starts from: a name, a path, or inline for the values below."},
      Field{&StaConfig::energy, "energy", "", "Energy and area of operations."}};
};

/// UserError where settings contradict each other.
void validate(const StaConfig& config);

IgnoredSettings ignored_settings(const StaConfig& config, const Workload& workload);

/// The same machine with dense weights: the baseline `same`.
StaConfig without_pruning(StaConfig config);

/// The engine as products of matrices see it.
MatrixArray matrix_array(const StaConfig& config);

}  // namespace hdp
