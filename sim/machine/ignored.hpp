// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/config/ignored.hpp>
#include <hdp/memory/memory.hpp>

namespace hdp {

/// Adds what a machine with a memory and an energy table ignores of `memory` and `energy`.
inline void add_ignored_by_memory(IgnoredSettings& list, const MemoryConfig& memory) {
  add_ignored(list, "memory", ignored_settings(memory));
  if (!memory.ideal())
    add_ignored(list, {"energy.dram_bit"}, "the DRAM's currents price its bits",
                "memory.model=ideal");
}

}  // namespace hdp
