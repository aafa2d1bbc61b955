// SPDX-License-Identifier: Apache-2.0
// An address map over several devices: every access of a device has one place, and back.
#include <array>

#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/memory/address_map.hpp>

namespace hdp::fuzz {
namespace {

constexpr std::array<DramOrganisation, 4> kDevices{
    {{},
     {.channels = 8, .pseudo_channels = 2, .rows = 1 << 14, .columns = 64, .bus_bytes = 8},
     {.channels = 2, .ranks = 4, .bank_groups = 1, .banks_per_group = 8, .rows = 2},
     {.bank_groups = 1, .banks_per_group = 1, .rows = 1, .columns = 8}}};

void expect_inverse(const AddressMap& map, const DramOrganisation& device, RandomStream& random) {
  const auto access = static_cast<std::uint64_t>(device.access_bytes());
  for (int i = 0; i < 16; ++i) {
    const std::uint64_t address = random.below(device.capacity_bytes() / access) * access;
    const DramAddress place = map.decode(address);
    expect(map.encode(place) == address, "an address is cut up and put together again");
    expect(place.channel < device.channels && place.rank < device.ranks &&
               place.bank < device.banks_per_group && place.bank_group < device.bank_groups &&
               place.row < device.rows && place.column < device.accesses_per_row(),
           "an address lies in the device");
  }
}

bool play(std::string_view input) {
  RandomStream random(1, input);
  bool good = false;
  for (const DramOrganisation& device : kDevices)
    good |= accepts([&] { expect_inverse(AddressMap(input, device), device, random); });
  return good;
}

/// All fields in another order, some of them folded.
std::string mutate(std::string_view input, RandomStream& random) {
  if (one_in(random, 3)) return with_other_bytes(std::string(input), random);
  std::array fields{"ro", "ra", "bg", "ba", "co", "pc", "ch"};
  std::string map;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::swap(fields[i], fields[i + random.below(fields.size() - i)]);
    if (i > 0) map += ' ';
    map += fields[i];
    if (one_in(random, 5)) map += "^ro";
  }
  return map;
}

}  // namespace

const Target kAddressMap{"address_map", play, mutate, 60'000};

}  // namespace hdp::fuzz
