// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/machine/energy_table.hpp>

namespace hdp {

/// One port for reads and writes, or one of each.
enum class SramPorts : std::uint8_t { OneReadWrite, OneReadOneWrite };

/// A buffer as the tables price it. A word is what one bank reads or writes in a cycle.
struct SramBuffer {
  std::int64_t bytes = 0;  ///< Of all banks.
  std::int64_t banks = 1;
  std::int64_t word_bits = 256;
  SramPorts ports = SramPorts::OneReadWrite;
};

/// Of a word, and of the whole buffer.
struct SramPrice {
  double read_pj = 0, write_pj = 0;
  double leakage_mw = 0;
  double area_um2 = 0;
};

/// The macro of a capacity and word, between those of a grid: bilinear in the logarithms of
/// capacity and word, on the logarithm of each value. Beyond the grid: its edge.
SramMacro interpolate(const std::vector<SramMacro>& grid, double bytes, double word_bits);

/// What a buffer costs (sim/machine/energy.md): macros of the table side by side and the wires to
/// them, below its smallest macro that one or registers, whichever has less area, or, where it has
/// none, its rule of thumb.
SramPrice price_of(const EnergyTable& table, const SramBuffer& buffer);

}  // namespace hdp
