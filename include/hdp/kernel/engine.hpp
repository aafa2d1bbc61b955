// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/kernel/component.hpp>
#include <hdp/kernel/deadlock.hpp>
#include <hdp/kernel/idle_cycles.hpp>

namespace hdp {

/// Runs components on one clock. Every component is ticked in the first cycle after it was added.
/// Engines share nothing.
class Engine {
 public:
  explicit Engine(IdleCycles idle_cycles = IdleCycles::Skip) : idle_cycles_(idle_cycles) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// The component must outlive the runs and belong to no other engine.
  void add(Component& component);

  /// Ticks in this order from now on: a permutation of 0 .. n-1, numbers in the order of add
  /// (which is the default). No order may change any result.
  void set_order(std::span<const std::size_t> order);

  /// The first cycle that has not run; the number of cycles run so far.
  [[nodiscard]] Cycle now() const { return now_; }

  /// Runs exactly `span` cycles.
  void run_for(Cycles span);

  /// Runs until no component can change anything again. Throws Deadlock where done() is then
  /// false, LimitReached where something could still happen in cycle `limit` or later.
  template <std::predicate Done>
  void run_until_idle(Cycle limit, Done&& done) {
    while (step(limit)) {
    }
    if (!done()) throw_deadlock();
  }
  void run_until_idle(Cycle limit) {
    run_until_idle(limit, [] { return true; });
  }

  /// Runs until the end of the first cycle after which done() holds; not at all where it holds
  /// already. done() may only change in a tick. Throws as run_until_idle.
  template <std::predicate Done>
  void run_until(Cycle limit, Done&& done) {
    while (!done()) {
      if (!step(limit)) throw_deadlock();
    }
  }

  /// Closes every component at now().
  void close_all();

  /// The accounts of a path of its components, in the order of add; none where it is unknown.
  [[nodiscard]] std::vector<CriticalTime> times_of(const CriticalPath& path) const;
  /// An account of that name, for a component that charges more than one.
  std::size_t account(std::string_view name);

 private:
  bool step(Cycle limit);
  void visit(Cycle now);
  Cycle earliest_wake() const;
  std::size_t collect_due(Cycle now);
  void link_wake_slots();
  [[noreturn]] void throw_deadlock() const;
  [[noreturn]] void throw_limit_reached(Cycle limit) const;
  std::string waits() const;

  IdleCycles idle_cycles_;
  Cycle now_{0};
  std::vector<Component*> added_;       // in the order of add
  std::vector<Component*> components_;  // in the order of ticks, as the next two
  std::vector<Cycle> wake_at_;
  std::vector<std::size_t> due_;
  std::vector<std::string> accounts_;
};

}  // namespace hdp
