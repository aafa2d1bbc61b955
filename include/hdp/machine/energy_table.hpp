// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/config/section.hpp>

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

/// Transistors of an SRAM: its cells, behind the stroke those of its periphery.
enum class CellType : std::uint8_t { Unnamed, Hp, LstpHp, Lop, Lstp };
template <>
struct EnumNames<CellType> {
  static constexpr std::array<std::string_view, 5> kNames{"unnamed", "itrs-hp", "itrs-lstp/hp",
                                                          "itrs-lop", "itrs-lstp"};
};

/// One SRAM macro: one bank, one port for reads and writes.
struct SramMacro {
  std::int64_t bytes = 8192;
  std::int64_t word_bits = 64;
  double read_pj = 1, write_pj = 1;
  double leakage_mw = 1;
  double area_mm2 = 1;

  static constexpr Range kPositive{0, 1e12, true};
  static constexpr auto kFields = std::tuple{
      Field{&SramMacro::bytes, "bytes", "bytes", "Capacity.", Range{1, 1e12}},
      Field{&SramMacro::word_bits, "word_bits", "bits", "Width of an access.", Range{1, 65536}},
      Field{&SramMacro::read_pj, "read_pj", "pJ", "Energy of reading a word.", kPositive},
      Field{&SramMacro::write_pj, "write_pj", "pJ", "Energy of writing a word.", kPositive},
      Field{&SramMacro::leakage_mw, "leakage_mw", "mW", "Leakage.", kPositive},
      Field{&SramMacro::area_mm2, "area_mm2", "mm^2", "Area.", kPositive}};
};

/// What a node and a cell type change. Macros are a grid: every capacity with every word.
struct Technology {
  std::int64_t node_nm = 45;
  CellType cell_type = CellType::Unnamed;
  std::string source = "recalled";
  double wire_pj_per_bit_mm = 0;
  double logic_energy = 1, logic_area = 1;
  std::vector<SramMacro> macros;

  static constexpr Range kPositive{0, 1e12, true};
  static constexpr auto kFields =
      std::tuple{Field{&Technology::node_nm, "node_nm", "nm", "Node.", Range{1, 1000}},
                 Field{&Technology::cell_type, "cell_type", "", "Transistors of the SRAM."},
                 Field{&Technology::source, "source", "", "Where the values come from."},
                 Field{&Technology::wire_pj_per_bit_mm, "wire_pj_per_bit_mm", "pJ",
                       "Energy of a bit that switches on a millimetre of wire.", Range{0, 1e12}},
                 Field{&Technology::logic_energy, "logic_energy", "",
                       "Energy of the logic of the table at this node, times.", kPositive},
                 Field{&Technology::logic_area, "logic_area", "",
                       "Area of the logic of the table at this node, times.", kPositive},
                 Field{&Technology::macros, "macros", "",
                       "SRAM macros, every capacity with every word; none: `sram_64_at_8kib`, "
                       "`sram_area_bit`."}};
};

/// A multiplier; others follow between two of them, or beyond the last two, by a power of the
/// product of their widths, and in proportion to it where the table has but one.
struct MultiplierEntry {
  std::int64_t a_bits = 32, b_bits = 32;
  double energy_pj = 3.1;
  double area_um2 = 3495;
  std::string source = "recalled: Horowitz, ISSCC 2014, 45 nm, 0.9 V; area usually quoted with it";

  static constexpr Range kPositive{0, 1e12, true};
  static constexpr auto kFields = std::tuple{
      Field{&MultiplierEntry::a_bits, "a_bits", "bits", "Width of an operand.", Range{1, 1024}},
      Field{&MultiplierEntry::b_bits, "b_bits", "bits", "Width of the other.", Range{1, 1024}},
      Field{&MultiplierEntry::energy_pj, "energy_pj", "pJ", "Of a product.", kPositive},
      Field{&MultiplierEntry::area_um2, "area_um2", "um^2", "Of the multiplier.", kPositive},
      Field{&MultiplierEntry::source, "source", "", "Where the values come from."}};
};

/// Energy and area of operations (configs/energy/), for one node and cell type of those it has. How
/// widths, words and capacities between its entries are priced: sim/machine/energy.md. The defaults
/// are recalled figures for 45 nm.
struct EnergyTable {
  std::string name = "recalled_45nm";
  std::string source = "recalled figures";
  std::int64_t node_nm = 45;
  CellType cell_type = CellType::Unnamed;
  std::vector<Technology> technologies{Technology{}};
  std::vector<MultiplierEntry> multipliers{MultiplierEntry{}};
  EnergyEntry add_32{0.1, "recalled: Horowitz, ISSCC 2014, 45 nm, 0.9 V"};
  EnergyEntry add_area_32{137, "recalled: with the table above, 45 nm"};
  EnergyEntry compare_32{0.1, "ours: as an addition"};
  EnergyEntry compare_area_32{137, "ours: as an adder"};
  EnergyEntry register_bit{0.009,
                           "Accelergy-Project/accelergy-aladdin-plug-in data/reg.csv, 40 nm"};
  EnergyEntry register_area_bit{5.98,
                                "Accelergy-Project/accelergy-aladdin-plug-in data/reg.csv, 40 nm"};
  EnergyEntry mux_32{0.0181,
                     "Accelergy-Project/accelergy-aladdin-plug-in data/bitwise.csv, 40 nm, 1 ns"};
  EnergyEntry mux_area_32{
      50.4, "Accelergy-Project/accelergy-aladdin-plug-in data/bitwise.csv, 40 nm, 1 ns"};
  EnergyEntry softmax_entry{
      10.5, "ours: 12 multiply-adds of 16 bits, 8 for the exponential and 4 for the division"};
  EnergyEntry softmax_lane_area{12129, "ours: 12 multipliers and adders of 16 bits"};
  EnergyEntry logic_leakage{0, "ours: off"};
  EnergyEntry sram_64_at_8kib{10, "recalled: Horowitz, ISSCC 2014, 45 nm, 0.9 V"};
  EnergyEntry sram_area_bit{0.6, "recalled: 45 nm"};
  EnergyEntry two_port_energy{1.35, "CACTI 7.0: median over 1r1w macros"};
  EnergyEntry two_port_area{2.1, "CACTI 7.0: median over 1r1w macros"};
  EnergyEntry two_port_leakage{1.24, "CACTI 7.0: median over 1r1w macros"};
  EnergyEntry dram_bit{15, "recalled order of magnitude, LPDDR4 class"};

  static constexpr auto kFields = std::tuple{
      Field{&EnergyTable::name, "name", "", "Name in reports."},
      Field{&EnergyTable::source, "source", "", "Where the figures come from, in a sentence."},
      Field{&EnergyTable::node_nm, "node_nm", "nm", "Node: one of `technologies`.", Range{1, 1000}},
      Field{&EnergyTable::cell_type, "cell_type", "",
            "Transistors of the SRAM: of one of `technologies`."},
      Field{&EnergyTable::technologies, "technologies", "",
            "Nodes and cell types that the table has."},
      Field{&EnergyTable::multipliers, "multipliers", "",
            "Multipliers; others by a power of the product of their widths."},
      Field{&EnergyTable::add_32, "add_32", "",
            "Energy of an integer addition, pJ; w bits take w/32 of it."},
      Field{&EnergyTable::add_area_32, "add_area_32", "",
            "Area of an adder, um^2; w bits take w/32 of it."},
      Field{&EnergyTable::compare_32, "compare_32", "",
            "Energy of a comparison, pJ; w bits take w/32 of it."},
      Field{&EnergyTable::compare_area_32, "compare_area_32", "",
            "Area of a comparator, um^2; w bits take w/32 of it."},
      Field{&EnergyTable::register_bit, "register_bit", "",
            "Energy of a register bit, pJ a read or write."},
      Field{&EnergyTable::register_area_bit, "register_area_bit", "",
            "Area of a register bit, um^2."},
      Field{&EnergyTable::mux_32, "mux_32", "",
            "Energy of 32 bits through a multiplexer of two, pJ."},
      Field{&EnergyTable::mux_area_32, "mux_area_32", "",
            "Area of a multiplexer of two for 32 bits, um^2."},
      Field{&EnergyTable::softmax_entry, "softmax_entry", "",
            "Energy of an entry's exponential and division, pJ."},
      Field{&EnergyTable::softmax_lane_area, "softmax_lane_area", "",
            "Area of a lane of the softmax unit, um^2."},
      Field{&EnergyTable::logic_leakage, "logic_leakage", "", "Leakage of logic, nW/um^2."},
      Field{&EnergyTable::sram_64_at_8kib, "sram_64_at_8kib", "",
            "Energy of 64 bits from or to an SRAM of 8 KiB, pJ; grows with sqrt(KiB/8). Where the "
            "technology has no macros."},
      Field{&EnergyTable::sram_area_bit, "sram_area_bit", "",
            "Area of an SRAM bit, um^2. Where the technology has no macros."},
      Field{&EnergyTable::two_port_energy, "two_port_energy", "",
            "Energy of an SRAM with a port for reads and one for writes, over that with one port."},
      Field{&EnergyTable::two_port_area, "two_port_area", "", "The same of its area."},
      Field{&EnergyTable::two_port_leakage, "two_port_leakage", "", "The same of its leakage."},
      Field{&EnergyTable::dram_bit, "dram_bit", "",
            "Energy of a bit from or to the ideal memory, pJ."}};
};

/// UserError where the table has no such node and cell type, or where macros are no grid.
void validate(const EnergyTable& table);
/// The node and cell type that the table is set to; it must be valid.
const Technology& technology_of(const EnergyTable& table);
/// Drops the other technologies: what is left is what a machine is priced by.
void keep_chosen_technology(EnergyTable& table);
/// "cacti7, 45 nm, itrs-hp".
std::string title_of(const EnergyTable& table);
/// The same with where the figures come from, for people.
std::string sources_of(const EnergyTable& table);

// Made once: every machine binds it.
extern template Section bind<EnergyTable>(EnergyTable&);

}  // namespace hdp
