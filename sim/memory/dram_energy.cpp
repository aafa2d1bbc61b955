// SPDX-License-Identifier: Apache-2.0
#include <hdp/memory/dram_energy.hpp>

namespace hdp {
namespace {

double number(std::int64_t n) { return static_cast<double>(n); }

}  // namespace

DramCommandEnergy command_energy(const DramConfig& config) {
  const DramTiming& t = config.timing;
  const DramCurrents& i = config.currents;
  const double milliwatts = i.vdd * number(config.organisation.devices_per_rank);  // a milliampere
  const DramInterface& interface = config.interface;
  const double bits = 8 * number(config.organisation.access_bytes());
  const double pj = milliwatts * number(t.tck_ps) / 1000.0;  // a milliampere for a cycle
  return {
      .activate_pj =
          pj * (i.idd0 * number(t.rc) - i.idd3n * number(t.ras) - i.idd2n * number(t.rp)),
      .read_pj = pj * (i.idd4r - i.idd3n) * number(t.burst),
      .write_pj = pj * (i.idd4w - i.idd3n) * number(t.burst),
      .refresh_pj = pj * (i.idd5ab - i.idd3n) * number(t.rfc),
      .active_standby_mw = milliwatts * i.idd3n,
      .precharged_standby_mw = milliwatts * i.idd2n,
      .active_power_down_mw = milliwatts * i.idd3p,
      .precharged_power_down_mw = milliwatts * i.idd2p,
      .io_read_pj = bits * (interface.io_read.pj_per_bit + interface.line_read.pj_per_bit),
      .io_write_pj = bits * (interface.io_write.pj_per_bit + interface.line_write.pj_per_bit),
      .phy_read_pj = bits * interface.phy_read.pj_per_bit,
      .phy_write_pj = bits * interface.phy_write.pj_per_bit,
  };
}

DramEnergy energy_of(const DramConfig& config, const DramResult& result) {
  const DramCommandEnergy each = command_energy(config);
  const DramOrganisation& device = config.organisation;
  const auto issued = [&](DramCommand command) {
    return number(result.total.commands[index_of(command)]);
  };
  const DramStats& stats = result.total;
  const std::int64_t ranks = device.channels * device.pseudo_channels * device.ranks;
  const std::int64_t open = stats.active_standby.count;
  const std::int64_t open_down = stats.active_power_down.count;
  const std::int64_t closed_down = stats.precharged_power_down.count;
  const double ns = number(config.timing.tck_ps) / 1000.0;
  const auto over = [&](double milliwatts, std::int64_t cycles) {
    return milliwatts * ns * number(cycles);
  };
  const double reads = issued(DramCommand::Rd), writes = issued(DramCommand::Wr);
  return {
      .activate_pj = each.activate_pj * issued(DramCommand::Act),
      .read_pj = each.read_pj * reads,
      .write_pj = each.write_pj * writes,
      .refresh_pj = each.refresh_pj * issued(DramCommand::Ref),
      .active_standby_pj = over(each.active_standby_mw, open - open_down),
      .precharged_standby_pj =
          over(each.precharged_standby_mw, ranks * result.all_cycles() - open - closed_down),
      .active_power_down_pj = over(each.active_power_down_mw, open_down),
      .precharged_power_down_pj = over(each.precharged_power_down_mw, closed_down),
      .io_read_pj = each.io_read_pj * reads,
      .io_write_pj = each.io_write_pj * writes,
      .phy_read_pj = each.phy_read_pj * reads,
      .phy_write_pj = each.phy_write_pj * writes,
  };
}

}  // namespace hdp
