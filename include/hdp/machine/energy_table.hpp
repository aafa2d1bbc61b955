// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/config/field.hpp>

namespace hdp {

/// The word for a table whose values stand in the machine's own settings.
inline constexpr std::string_view kInlineTable = "inline";

/// A number with its source.
struct EnergyEntry {
  double value = 0;
  std::string source;

  static constexpr auto kFields = std::tuple{
      Field{&EnergyEntry::value, "value", "", "In the unit of the entry.", Range{0, 1e12}},
      Field{&EnergyEntry::source, "source", "", "Where the value comes from."}};
};

/// Energy and area of operations (configs/energy/). Wider or narrower operands scale as
/// sim/machine/energy.md says. The defaults are recalled figures for 45 nm and 0.9 V.
struct EnergyTable {
  std::string name = "recalled_45nm";
  EnergyEntry multiply_32x32{3.1, "recalled: Horowitz, ISSCC 2014, 45 nm, 0.9 V"};
  EnergyEntry add_32{0.1, "recalled: Horowitz, ISSCC 2014, 45 nm, 0.9 V"};
  EnergyEntry sram_64_at_8kib{10, "recalled: Horowitz, ISSCC 2014, 45 nm, 0.9 V"};
  EnergyEntry dram_bit{15, "recalled order of magnitude, LPDDR4 class"};
  EnergyEntry exponential_operations{8, "ours: multiply-adds of 16 bits an exponential counts for"};
  EnergyEntry divide_operations{4, "ours: multiply-adds of 16 bits a division counts for"};
  EnergyEntry multiply_area_32x32{3495, "recalled: with the table above, 45 nm"};
  EnergyEntry add_area_32{137, "recalled: with the table above, 45 nm"};
  EnergyEntry sram_area_bit{0.6, "recalled: 45 nm"};
  EnergyEntry leakage_mw_per_unit{0, "ours: off"};

  static constexpr auto kFields = std::tuple{
      Field{&EnergyTable::name, "name", "", "Name in reports."},
      Field{&EnergyTable::multiply_32x32, "multiply_32x32", "",
            "Energy of an integer multiplication, pJ; a x b bits take a*b/1024 of it."},
      Field{&EnergyTable::add_32, "add_32", "",
            "Energy of an integer addition, pJ; w bits take w/32 of it."},
      Field{&EnergyTable::sram_64_at_8kib, "sram_64_at_8kib", "",
            "Energy of 64 bits from or to an SRAM of 8 KiB, pJ; grows with sqrt(KiB/8)."},
      Field{&EnergyTable::dram_bit, "dram_bit", "", "Energy of a DRAM bit, pJ."},
      Field{&EnergyTable::exponential_operations, "exponential_operations", "",
            "16-bit multiply-adds in an exponential."},
      Field{&EnergyTable::divide_operations, "divide_operations", "",
            "16-bit multiply-adds in a division."},
      Field{&EnergyTable::multiply_area_32x32, "multiply_area_32x32", "",
            "Area of a multiplier, um^2; a x b bits take a*b/1024 of it."},
      Field{&EnergyTable::add_area_32, "add_area_32", "",
            "Area of an adder, um^2; w bits take w/32 of it."},
      Field{&EnergyTable::sram_area_bit, "sram_area_bit", "", "Area of an SRAM bit, um^2."},
      Field{&EnergyTable::leakage_mw_per_unit, "leakage_mw_per_unit", "",
            "Leakage of every unit, mW; 0 leaves it out."}};
};

}  // namespace hdp
