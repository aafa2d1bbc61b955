// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <hdp/base/quantity.hpp>
#include <hdp/kernel/engine.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/play_options.hpp>

namespace hdp {

inline constexpr Cycle kNoLimit{std::int64_t{1} << 60};  ///< No run gets here.

/// Gives the engine the units of a machine, in the order of ticks.
template <class Units>
void add_units(Engine& engine, const Units& units, const PlayOptions& options) {
  for (Unit* unit : units) {
    unit->set_timeline(options.timeline);
    engine.add(*unit);
  }
  if (!options.order.empty()) engine.set_order(options.order);
}

/// Plays until `end`, or until finished(); report() now and then.
template <class Finished, class Report>
void run_in_pieces(Engine& engine, Cycle end, const Finished& finished, const Report& report) {
  constexpr Cycles kReportEvery{100'000};
  while (!finished() && engine.now() < end) {
    const Cycle next = std::min(end, engine.now() + kReportEvery);
    engine.run_until(kNoLimit, [&] { return finished() || engine.now() >= next; });
    report();
  }
}

}  // namespace hdp
