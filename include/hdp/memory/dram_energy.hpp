// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// What single commands of a rank cost, and what it draws while it waits: the current (IDD) method,
/// a difference of two currents times the supply, the time and the devices of a rank.
struct DramCommandEnergy {
  double activate_pj = 0;  ///< An ACT with the PRE that follows it.
  double read_pj = 0, write_pj = 0, refresh_pj = 0;
  double active_standby_mw = 0, precharged_standby_mw = 0;
  double active_power_down_mw = 0, precharged_power_down_mw = 0;
  // Of the interface, by burst.
  double io_read_pj = 0, io_write_pj = 0, phy_read_pj = 0, phy_write_pj = 0;
};
DramCommandEnergy command_energy(const DramConfig& config);

/// Where the energy of a run went: the core by its currents, and the interface by the bits that
/// cross it. What neither covers: interface.leaves_out of the configuration.
struct DramEnergy {
  double activate_pj = 0, read_pj = 0, write_pj = 0, refresh_pj = 0;
  double active_standby_pj = 0, precharged_standby_pj = 0;
  double active_power_down_pj = 0, precharged_power_down_pj = 0;
  double io_read_pj = 0, io_write_pj = 0;  ///< Drivers, termination and lines.
  double phy_read_pj = 0, phy_write_pj = 0;

  [[nodiscard]] double core_pj() const {
    return activate_pj + read_pj + write_pj + refresh_pj + active_standby_pj +
           precharged_standby_pj + active_power_down_pj + precharged_power_down_pj;
  }
  [[nodiscard]] double io_pj() const { return io_read_pj + io_write_pj; }
  [[nodiscard]] double phy_pj() const { return phy_read_pj + phy_write_pj; }
  [[nodiscard]] double total_pj() const { return core_pj() + io_pj() + phy_pj(); }
};

/// A line of it, as reports name it.
struct DramEnergyLine {
  std::string_view name;
  double DramEnergy::*pj;
};
inline constexpr std::array<DramEnergyLine, 12> kDramEnergyLines{
    {{"activate", &DramEnergy::activate_pj},
     {"read", &DramEnergy::read_pj},
     {"write", &DramEnergy::write_pj},
     {"refresh", &DramEnergy::refresh_pj},
     {"active_standby", &DramEnergy::active_standby_pj},
     {"precharged_standby", &DramEnergy::precharged_standby_pj},
     {"active_power_down", &DramEnergy::active_power_down_pj},
     {"precharged_power_down", &DramEnergy::precharged_power_down_pj},
     {"io_read", &DramEnergy::io_read_pj},
     {"io_write", &DramEnergy::io_write_pj},
     {"phy_read", &DramEnergy::phy_read_pj},
     {"phy_write", &DramEnergy::phy_write_pj}}};

DramEnergy energy_of(const DramConfig& config, const DramResult& result);

}  // namespace hdp
