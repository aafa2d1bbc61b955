// SPDX-License-Identifier: Apache-2.0
#include "machine/sram_macro.hpp"

#include <algorithm>
#include <cmath>

#include <hdp/base/check.hpp>

namespace hdp {
namespace {

constexpr double kWidestMacro = 256;     // bits; CACTI makes wider ones a few very long rows
constexpr double kPartOfWideWord = 128;  // bits
constexpr double kBitsPerByte = 8;

/// A place between two rising values, on a logarithmic scale.
struct Between {
  double low = 0, high = 0, share = 0;  ///< share of high
};

template <class Member>
Between place(const std::vector<SramMacro>& grid, Member member, double wanted) {
  double below = 0, above = 0, least = 0, most = 0;
  for (const SramMacro& macro : grid) {
    const auto value = static_cast<double>(macro.*member);
    if (least == 0 || value < least) least = value;
    if (value > most) most = value;
    if (value <= wanted && value > below) below = value;
    if (value >= wanted && (above == 0 || value < above)) above = value;
  }
  if (below == 0) return {least, least, 0};
  if (above == 0) return {most, most, 0};
  if (below == above) return {below, below, 0};
  return {below, above, std::log2(wanted / below) / std::log2(above / below)};
}

const SramMacro& macro_at(const std::vector<SramMacro>& grid, double bytes, double word_bits) {
  const auto found = std::ranges::find_if(grid, [&](const SramMacro& macro) {
    return static_cast<double>(macro.bytes) == bytes &&
           static_cast<double>(macro.word_bits) == word_bits;
  });
  HDP_CHECK(found != grid.end(), "macros are a grid");
  return *found;
}

/// Geometric means where `share` lies between two values; the values themselves at its ends.
double mean(double low, double high, double share) {
  return share == 0 ? low : low * std::pow(high / low, share);
}

SramMacro mean(const SramMacro& low, const SramMacro& high, double share) {
  return {.read_pj = mean(low.read_pj, high.read_pj, share),
          .write_pj = mean(low.write_pj, high.write_pj, share),
          .leakage_mw = mean(low.leakage_mw, high.leakage_mw, share),
          .area_mm2 = mean(low.area_mm2, high.area_mm2, share)};
}

/// `count` of them side by side, of which `active` serve an access.
SramPrice side_by_side(const SramMacro& macro, double count, double active) {
  return {active * macro.read_pj, active * macro.write_pj, count * macro.leakage_mw,
          count * macro.area_mm2 * 1e6};
}

SramPrice registers(const EnergyTable& table, const Technology& technology, double bits,
                    double word_bits) {
  const double area = bits * table.register_area_bit.value * technology.logic_area;
  const double access = word_bits * table.register_bit.value * technology.logic_energy;
  return {access, access, area * table.logic_leakage.value * 1e-6, area};
}

SramPrice rule_of_thumb(const EnergyTable& table, double bytes, double word_bits) {
  const double access = table.sram_64_at_8kib.value * word_bits / 64 * std::sqrt(bytes / 8192);
  return {access, access, 0, bytes * kBitsPerByte * table.sram_area_bit.value};
}

/// Banks of macros; a wide word is several side by side, a large bank several in a row,
/// a small one the smallest, or registers where those have less area.
SramPrice macros(const EnergyTable& table, const Technology& technology, double bytes, double banks,
                 double word_bits) {
  const auto& grid = technology.macros;
  const double across = word_bits > kWidestMacro ? std::ceil(word_bits / kPartOfWideWord) : 1;
  const double part = across > 1 ? kPartOfWideWord : word_bits;
  const auto [least, most] = std::ranges::minmax(grid, {}, &SramMacro::bytes);
  const auto smallest = static_cast<double>(least.bytes);
  const double bank = bytes / banks / across;
  const double deep = std::ceil(bank / static_cast<double>(most.bytes));
  const SramPrice of_macros = side_by_side(interpolate(grid, std::max(smallest, bank / deep), part),
                                           banks * across * deep, across);
  if (bank >= smallest) return of_macros;
  const SramPrice of_registers = registers(table, technology, bytes * kBitsPerByte, word_bits);
  return of_registers.area_um2 < of_macros.area_um2 ? of_registers : of_macros;
}

void give_two_ports(const EnergyTable& table, SramPrice& price) {
  price.read_pj *= table.two_port_energy.value;
  price.write_pj *= table.two_port_energy.value;
  price.leakage_mw *= table.two_port_leakage.value;
  price.area_um2 *= table.two_port_area.value;
}

/// Half the side of the buffer, half the bits (ours).
double wires(const Technology& technology, double word_bits, double area_um2) {
  return technology.wire_pj_per_bit_mm * (word_bits / 2) * (std::sqrt(area_um2) * 1e-3 / 2);
}

}  // namespace

SramMacro interpolate(const std::vector<SramMacro>& grid, double bytes, double word_bits) {
  const Between row = place(grid, &SramMacro::bytes, bytes);
  const Between column = place(grid, &SramMacro::word_bits, word_bits);
  return mean(
      mean(macro_at(grid, row.low, column.low), macro_at(grid, row.low, column.high), column.share),
      mean(macro_at(grid, row.high, column.low), macro_at(grid, row.high, column.high),
           column.share),
      row.share);
}

SramPrice price_of(const EnergyTable& table, const SramBuffer& buffer) {
  const Technology& technology = technology_of(table);
  const auto bytes = static_cast<double>(buffer.bytes);
  const auto word_bits = static_cast<double>(buffer.word_bits);
  if (technology.macros.empty()) return rule_of_thumb(table, bytes, word_bits);
  SramPrice price = macros(table, technology, bytes, static_cast<double>(buffer.banks), word_bits);
  if (buffer.ports == SramPorts::OneReadOneWrite) give_two_ports(table, price);
  const double wire = wires(technology, word_bits, price.area_um2);
  price.read_pj += wire;
  price.write_pj += wire;
  return price;
}

}  // namespace hdp
