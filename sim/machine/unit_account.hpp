// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <hdp/config/field.hpp>
#include <hdp/kernel/component.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/machine/attention_machine.hpp>

namespace hdp {

/// A closed unit's account of its cycles, as reports show it.
template <class Reason>
UnitReport account(const Component& unit, std::string kind, const TimeSplit<Reason>& time) {
  UnitReport report{.instance = unit.name(),
                    .kind = std::move(kind),
                    .total = time.total().count,
                    .idle = time.idle().count,
                    .busy = time.busy().count,
                    .blocked = {},
                    .counters = {}};
  for (std::size_t r = 0; r < EnumNames<Reason>::kNames.size(); ++r)
    report.blocked.push_back(
        {std::string(EnumNames<Reason>::kNames[r]), time.blocked(static_cast<Reason>(r)).count});
  return report;
}

}  // namespace hdp
