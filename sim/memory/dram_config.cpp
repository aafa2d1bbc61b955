// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <string>
#include <variant>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/config/section.hpp>
#include <hdp/memory/address_map.hpp>
#include <hdp/memory/dram_config.hpp>

namespace hdp {
namespace {

void check_powers_of_two(DramOrganisation organisation) {
  for (const Setting& setting : bind(organisation).settings) {
    const std::int64_t value = *std::get<std::int64_t*>(setting.target);
    if (value < 1 || !std::has_single_bit(static_cast<std::uint64_t>(value)))
      refuse(fmt::format("/organisation/{}", setting.name), fmt::format("{}", value),
             "powers of two");
  }
}

/// A setting that is too small beside others: `others` names them.
template <class Number>
void at_least(std::string path, Number value, Number least, std::string_view others) {
  if (value < least)
    refuse(std::move(path), fmt::format("{}", value),
           fmt::format("at least {}, {}", others, least));
}

void check_timing(const DramTiming& t) {
  at_least("/timing/rc", t.rc, t.ras + t.rp, "timing.ras + timing.rp");
  at_least("/timing/ras", t.ras, t.rcd_read, "timing.rcd_read");
  at_least("/timing/ras", t.ras, t.rcd_write, "timing.rcd_write");
  at_least("/timing/cl", t.cl, t.cwl, "timing.cwl");
  at_least("/timing/ccd_l", t.ccd_l, t.ccd_s, "timing.ccd_s");
  at_least("/timing/rrd_l", t.rrd_l, t.rrd_s, "timing.rrd_s");
  at_least("/timing/wtr_l", t.wtr_l, t.wtr_s, "timing.wtr_s");
  if (t.act_cycles > 1) at_least("/timing/rp", t.rp, t.act_cycles, "timing.act_cycles");
}

/// Between two refreshes of a rank every bank can be closed, and a row opened and closed again; and
/// ranks that take turns do not catch up with each other.
void check_refresh(const DramConfig& config) {
  const DramTiming& t = config.timing;
  const DramOrganisation& device = config.organisation;
  const std::int64_t close = t.rp + std::max<std::int64_t>(1, t.ppd) * device.banks_per_rank();
  at_least("/timing/rfc", t.rfc, t.act_cycles - 1, "timing.act_cycles - 1");
  at_least("/timing/refi", t.refi, t.rfc + t.rc + close,
           "timing.rfc + timing.rc + timing.rp + timing.ppd (or 1) * banks of a rank");
  at_least("/timing/refi", t.refi, device.ranks * close,
           "organisation.ranks * (timing.rp + timing.ppd (or 1) * banks of a rank)");
}

void check_currents(const DramCurrents& i) {
  at_least("/currents/idd0", i.idd0, i.idd3n, "currents.idd3n");
  at_least("/currents/idd3n", i.idd3n, i.idd2n, "currents.idd2n");
  at_least("/currents/idd4r", i.idd4r, i.idd3n, "currents.idd3n");
  at_least("/currents/idd4w", i.idd4w, i.idd3n, "currents.idd3n");
  at_least("/currents/idd5ab", i.idd5ab, i.idd3n, "currents.idd3n");
  at_least("/currents/idd2n", i.idd2n, i.idd2p, "currents.idd2p");
  at_least("/currents/idd3n", i.idd3n, i.idd3p, "currents.idd3p");
}

void check_organisation(const DramConfig& config) {
  const DramOrganisation& device = config.organisation;
  check_powers_of_two(device);
  if (device.burst_length > device.columns)
    refuse("/organisation/burst_length", fmt::format("{}", device.burst_length),
           fmt::format("at most organisation.columns, {}", device.columns));
  if (config.timing.burst * device.transfers_per_cycle != device.burst_length)
    refuse("/timing/burst", fmt::format("{}", config.timing.burst),
           fmt::format("organisation.burst_length / organisation.transfers_per_cycle, {} / {}",
                       device.burst_length, device.transfers_per_cycle));
  if (device.devices_per_rank > 8 * device.bus_bytes)
    refuse("/organisation/devices_per_rank", fmt::format("{}", device.devices_per_rank),
           fmt::format("at most the bits of organisation.bus_bytes, {}", 8 * device.bus_bytes));
  if (device.ranks > 1 && device.pseudo_channels > 1)
    refuse("/organisation/ranks", fmt::format("{}", device.ranks),
           "1 where there are organisation.pseudo_channels");
}

}  // namespace

void validate(const DramConfig& config) {
  need_one_line("/name", config.name);
  need_one_line("/standard", config.standard);
  check_organisation(config);
  check_timing(config.timing);
  if (config.refresh) check_refresh(config);
  check_currents(config.currents);
  at_least("/queues/write_high", config.queues.write_high, config.queues.write_low,
           "queues.write_low");
  static_cast<void>(AddressMap(config.map, config.organisation));
}

IgnoredSettings ignored_settings(const DramConfig& config) {
  IgnoredSettings ignored;
  if (config.controller == DramController::BankQueues)
    add_ignored(ignored,
                {"scheduler", "queues.write_high", "queues.write_low", "timing.read_to_write"},
                "it is the other controller's", "controller=frfcfs_shared_queue");
  else
    add_ignored(ignored, {"queues.bank_entries", "queues.row_hit_cap", "queues.idle_drain_writes"},
                "it is the other controller's", "controller=bank_queues");
  if (config.organisation.ranks == 1 && config.controller == DramController::FrfcfsSharedQueue)
    add_ignored(ignored, {"timing.rank_switch"}, "there is one rank", "several ranks");
  if (!config.refresh)
    add_ignored(ignored, {"timing.refi", "timing.rfc", "currents.idd5ab"}, "nothing is refreshed",
                "refresh=true");
  if (!config.power_down.when_idle)
    add_ignored(ignored, {"power_down.after", "timing.xp", "currents.idd2p", "currents.idd3p"},
                "no rank powers down", "power_down.when_idle=true");
  return ignored;
}

template Section bind<DramConfig>(DramConfig&);

}  // namespace hdp
