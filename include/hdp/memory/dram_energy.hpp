// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// What single commands of a rank cost, and what it draws while it waits: the current (IDD) method,
/// a difference of two currents times the supply, the time and the devices of a rank.
struct DramCommandEnergy {
  double activate_pj = 0;  ///< An ACT with the PRE that follows it.
  double read_pj = 0, write_pj = 0, refresh_pj = 0;
  double active_standby_mw = 0, precharged_standby_mw = 0;
};
DramCommandEnergy command_energy(const DramConfig& config);

/// Where the energy of a run went. Interface, termination and VPP are not counted.
struct DramEnergy {
  double activate_pj = 0, read_pj = 0, write_pj = 0, refresh_pj = 0;
  double active_standby_pj = 0, precharged_standby_pj = 0;
  [[nodiscard]] double total_pj() const {
    return activate_pj + read_pj + write_pj + refresh_pj + active_standby_pj +
           precharged_standby_pj;
  }
};
DramEnergy energy_of(const DramConfig& config, const DramResult& result);

}  // namespace hdp
