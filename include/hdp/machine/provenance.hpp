// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/base/facts.hpp>
#include <hdp/config/section.hpp>

namespace hdp {

/// Where the settings that shape a headline come from, by path. A value that is not the default is
/// nobody's but ours. Energies and DRAMs carry their own sources and stand here as one entry each,
/// where the settings have them.
Facts provenance_of(const Section& config, const Section& defaults);

template <Settings Config>
Facts provenance_of(Config config) {
  Config defaults;
  return provenance_of(bind(config), bind(defaults));
}

}  // namespace hdp
