// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <hdp/memory/address_map.hpp>
#include <hdp/memory/dram_channel.hpp>

namespace hdp {

/// From addresses to the channels that schedule on their own, and to banks inside them.
class DramRouter {
 public:
  explicit DramRouter(const DramConfig& config)
      : map_(config.map, config.organisation),
        ranks_(narrow(config.organisation.ranks)),
        bank_groups_(narrow(config.organisation.bank_groups)),
        banks_per_group_(narrow(config.organisation.banks_per_group)),
        lanes_of_channel_(narrow(controllers_of(config) / config.organisation.channels)) {}

  /// Which channel an access goes to.
  [[nodiscard]] std::size_t lane_of(std::uint64_t address) const {
    return lane_of(map_.decode(address));
  }

  /// Which channel an access goes to; `access` is completed but for its tag.
  std::size_t route(std::uint64_t address, bool write, DramAccess& access) const {
    const DramAddress place = map_.decode(address);
    const std::uint32_t half = lanes_of_channel_ > 1 ? 0 : place.pseudo_channel;
    const std::uint32_t group = (half * ranks_ + place.rank) * bank_groups_ + place.bank_group;
    access.address = address;
    access.row = static_cast<std::int32_t>(place.row);
    access.column = place.column;
    access.bank = group * banks_per_group_ + place.bank;
    access.write = write;
    return lane_of(place);
  }

 private:
  [[nodiscard]] std::size_t lane_of(const DramAddress& place) const {
    return place.channel * lanes_of_channel_ + (lanes_of_channel_ > 1 ? place.pseudo_channel : 0);
  }
  static std::uint32_t narrow(std::int64_t n) { return static_cast<std::uint32_t>(n); }
  AddressMap map_;
  std::uint32_t ranks_, bank_groups_, banks_per_group_, lanes_of_channel_;
};

}  // namespace hdp
