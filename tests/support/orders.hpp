// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/kernel/engine.hpp>
#include <hdp/kernel/time_split.hpp>

namespace hdp::test {

using Trace = std::vector<std::int64_t>;

/// A small machine whose outcome can be written down as numbers.
struct Netlist {
  virtual ~Netlist() = default;
  virtual std::vector<Component*> parts() = 0;
  virtual void write(Trace& trace) const = 0;
};

template <class Reason>
void write_time(Trace& trace, const TimeSplit<Reason>& time) {
  trace.insert(trace.end(), {time.idle().count, time.busy().count});
  for (std::size_t i = 0; i < static_cast<std::size_t>(Reason::Count); ++i) {
    trace.push_back(time.blocked(static_cast<Reason>(i)).count);
  }
}

/// Runs until idle, then some cycles more, so that a component put to sleep too long is found out.
inline Trace outcome(Netlist& net, std::span<const std::size_t> order, IdleCycles idle_cycles) {
  Engine engine(idle_cycles);
  for (Component* part : net.parts()) engine.add(*part);
  if (!order.empty()) engine.set_order(order);
  engine.run_until_idle(Cycle{1'000'000});
  Trace trace{engine.now().index};
  engine.run_for(Cycles{200});
  engine.close_all();
  net.write(trace);
  return trace;
}

/// `build()` makes a fresh std::unique_ptr<Netlist>. Every order of ticks, skipping and visiting,
/// must give the same outcome.
template <class Build>
void expect_order_free(Build&& build) {
  std::vector<std::size_t> order(build()->parts().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Trace want = outcome(*build(), order, IdleCycles::Visit);
  do {
    ASSERT_EQ(outcome(*build(), order, IdleCycles::Visit), want)
        << "visit, order " << testing::PrintToString(order);
    ASSERT_EQ(outcome(*build(), order, IdleCycles::Skip), want)
        << "skip, order " << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace hdp::test
