// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <string>
#include <variant>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
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

}  // namespace

void validate(const DramConfig& config) {
  check_powers_of_two(config.organisation);
  const DramOrganisation& device = config.organisation;
  if (device.burst_length > device.columns)
    refuse("/organisation/burst_length", fmt::format("{}", device.burst_length),
           fmt::format("at most the columns of a row, {}", device.columns));
  if (config.timing.act_cycles > 1 && config.timing.rp < config.timing.act_cycles)
    refuse("/timing/rp", fmt::format("{}", config.timing.rp), "at least act_cycles");
  if (device.ranks > 1 && device.pseudo_channels > 1)
    refuse("/organisation/ranks", fmt::format("{}", device.ranks),
           "1 where there are pseudo-channels");
  static_cast<void>(AddressMap(config.map, device));
}

IgnoredSettings ignored_settings(const DramConfig& config) {
  IgnoredSettings ignored;
  if (config.controller == DramController::BankQueues)
    add_ignored(ignored,
                {"scheduler", "queues.read_entries", "queues.write_entries", "queues.write_high",
                 "queues.write_low", "timing.read_to_write"},
                "it is the other controller's", "controller=frfcfs_shared_queue");
  else
    add_ignored(ignored, {"queues.bank_entries", "queues.row_hit_cap", "queues.idle_drain_writes"},
                "it is the other controller's", "controller=bank_queues");
  if (config.organisation.ranks == 1 && config.controller == DramController::FrfcfsSharedQueue)
    add_ignored(ignored, {"timing.rank_switch"}, "there is one rank", "organisation.ranks=2");
  if (!config.refresh)
    add_ignored(ignored, {"timing.refi", "timing.rfc", "currents.idd5ab"}, "nothing is refreshed",
                "refresh=true");
  return ignored;
}

}  // namespace hdp
