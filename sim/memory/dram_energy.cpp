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
  const double pj = milliwatts * number(t.tck_ps) / 1000.0;  // a milliampere for a cycle
  return {
      .activate_pj =
          pj * (i.idd0 * number(t.rc) - i.idd3n * number(t.ras) - i.idd2n * number(t.rp)),
      .read_pj = pj * (i.idd4r - i.idd3n) * number(t.burst),
      .write_pj = pj * (i.idd4w - i.idd3n) * number(t.burst),
      .refresh_pj = pj * (i.idd5ab - i.idd3n) * number(t.rfc),
      .active_standby_mw = milliwatts * i.idd3n,
      .precharged_standby_mw = milliwatts * i.idd2n,
  };
}

DramEnergy energy_of(const DramConfig& config, const DramResult& result) {
  const DramCommandEnergy each = command_energy(config);
  const DramOrganisation& device = config.organisation;
  const auto issued = [&](DramCommand command) {
    return number(result.total.commands[index_of(command)]);
  };
  const std::int64_t ranks = device.channels * device.pseudo_channels * device.ranks;
  const std::int64_t active = result.total.active_standby.count;
  const double ns = number(config.timing.tck_ps) / 1000.0;
  return {
      .activate_pj = each.activate_pj * issued(DramCommand::Act),
      .read_pj = each.read_pj * issued(DramCommand::Rd),
      .write_pj = each.write_pj * issued(DramCommand::Wr),
      .refresh_pj = each.refresh_pj * issued(DramCommand::Ref),
      .active_standby_pj = each.active_standby_mw * ns * number(active),
      .precharged_standby_pj =
          each.precharged_standby_mw * ns * number(ranks * result.cycles - active),
  };
}

}  // namespace hdp
