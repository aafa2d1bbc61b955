// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/memory/dram_command.hpp>

namespace hdp {

/// A request in a controller. Before `try_at` its next command cannot be legal: rules only ever
/// move a command to later, so the bound holds until its bank opens or closes a row.
struct WaitingRequest {
  Cycle try_at{};
  std::uint64_t address = 0;
  Cycle arrived_at{};
  std::int32_t row = 0;
  std::uint32_t column = 0, bank = 0, tag = 0;
  bool write = false;
  bool counted = false;  ///< As a hit, miss or conflict.
  DramCommand next{};    ///< What it needs next.
};

/// In order of arrival; never grows beyond what was reserved.
using RequestList = std::vector<WaitingRequest>;

inline void remove(RequestList& list, std::size_t entry) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(entry));
}

}  // namespace hdp
