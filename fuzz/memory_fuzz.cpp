// SPDX-License-Identifier: Apache-2.0
// A memory's file: a valid one can be asked what it is, and has no negative energies.
#include <cmath>

#include "mutate.hpp"
#include "settings_file.hpp"
#include "targets.hpp"
#include <hdp/memory/address_map.hpp>
#include <hdp/memory/dram_energy.hpp>
#include <hdp/memory/dram_result.hpp>

namespace hdp::fuzz {
namespace {

bool play(std::string_view input) {
  DramConfig config;
  if (!reads(input, config) || !accepts([&] { validate(config); })) return false;
  const double peak = peak_gb_per_s(config);
  expect(std::isfinite(peak) && peak > 0, "a memory has a peak");
  const DramCommandEnergy energy = command_energy(config);
  for (const double pj : {energy.activate_pj, energy.read_pj, energy.write_pj, energy.refresh_pj,
                          energy.io_read_pj, energy.io_write_pj, energy.phy_read_pj})
    expect(std::isfinite(pj) && pj >= 0, "a command costs no negative energy");
  (void)ignored_settings(config);
  return true;
}

std::string mutate(std::string_view input, RandomStream& random) {
  return mutate_document(input, schema_of("memory"), random);
}

}  // namespace

const Target kMemory{"memory", play, mutate, 6'000};

}  // namespace hdp::fuzz
