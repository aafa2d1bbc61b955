// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include <hdp/base/check.hpp>
#include <hdp/kernel/engine.hpp>

namespace hdp {

void Engine::add(Component& component) {
  HDP_CHECK(component.wake_at_ == &component.unattached_wake_at_, "a component has one engine");
  added_.push_back(&component);
  components_.push_back(&component);
  wake_at_.push_back(now_);
  due_.push_back(0);
  component.account_ = account(component.account());
  link_wake_slots();
}

std::size_t Engine::account(std::string_view name) {
  const auto known = std::ranges::find(accounts_, name);
  const auto index = static_cast<std::size_t>(known - accounts_.begin());
  if (known == accounts_.end()) accounts_.emplace_back(name);
  return std::min(index, CriticalPath::kAccounts - 1);
}

std::vector<CriticalTime> Engine::times_of(const CriticalPath& path) const {
  std::vector<CriticalTime> times;
  if (!path.known()) return times;
  for (std::size_t i = 0; i < std::min(accounts_.size(), CriticalPath::kAccounts); ++i)
    times.push_back({accounts_[i], path[i].work, path[i].latency});
  return times;
}

void Engine::set_order(std::span<const std::size_t> order) {
  HDP_CHECK(order.size() == added_.size(), "an order names every component");
  std::vector<Component*> components(order.size(), nullptr);
  std::vector<Cycle> wake_at(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    components[i] = added_.at(order[i]);
    wake_at[i] = *components[i]->wake_at_;
  }
  HDP_CHECK(std::is_permutation(components.begin(), components.end(), added_.begin()),
            "an order names every component once");
  components_ = components;
  wake_at_ = wake_at;
  link_wake_slots();
}

void Engine::link_wake_slots() {
  for (std::size_t i = 0; i < components_.size(); ++i) components_[i]->wake_at_ = &wake_at_[i];
}

void Engine::run_for(Cycles span) {
  const Cycle end = now_ + span;
  while (true) {
    const Cycle at = idle_cycles_ == IdleCycles::Visit ? now_ : std::max(now_, earliest_wake());
    if (at >= end) break;
    visit(at);
  }
  now_ = end;
}

/// Runs up to the end of the next cycle in which something can happen; false where none is left.
bool Engine::step(Cycle limit) {
  const Cycle wake = earliest_wake();
  if (wake == kNever) return false;
  const Cycle at = idle_cycles_ == IdleCycles::Visit ? now_ : std::max(now_, wake);
  if (at >= limit) {
    now_ = std::max(now_, limit);
    throw_limit_reached(limit);
  }
  visit(at);
  return true;
}

void Engine::visit(Cycle now) {
  // All wake-ups due are cleared before the first tick: those that ticks ask for are to stay.
  const std::size_t due = collect_due(now);
  for (std::size_t k = 0; k < due; ++k) components_[due_[k]]->tick(now);
  for (std::size_t k = 0; k < due; ++k) {
    const std::size_t i = due_[k];
    wake_at_[i] = std::min(wake_at_[i], components_[i]->wake_after(now));
  }
  now_ = now + Cycles{1};
}

std::size_t Engine::collect_due(Cycle now) {
  const Cycle until = idle_cycles_ == IdleCycles::Visit ? kNever : now;
  std::size_t due = 0;
  for (std::size_t i = 0; i < wake_at_.size(); ++i) {
    if (wake_at_[i] <= until) due_[due++] = i;
  }
  for (std::size_t k = 0; k < due; ++k) {
    if (wake_at_[due_[k]] <= now) wake_at_[due_[k]] = kNever;
  }
  return due;
}

Cycle Engine::earliest_wake() const {
  // Independent minima: a single one would wait for each comparison in turn.
  std::int64_t a = kNever.index;
  std::int64_t b = a;
  std::int64_t c = a;
  std::int64_t d = a;
  const Cycle* at = wake_at_.data();
  const Cycle* const end = at + wake_at_.size();
  for (; end - at >= 4; at += 4) {
    a = at[0].index < a ? at[0].index : a;
    b = at[1].index < b ? at[1].index : b;
    c = at[2].index < c ? at[2].index : c;
    d = at[3].index < d ? at[3].index : d;
  }
  for (; at != end; ++at) a = std::min(a, at->index);
  return Cycle{std::min(std::min(a, b), std::min(c, d))};
}

void Engine::close_all() {
  for (Component* component : added_) component->close(now_);
}

void Engine::throw_deadlock() const {
  const std::int64_t last = std::max<std::int64_t>(now_.index - 1, 0);
  throw Deadlock(fmt::format("no component can make progress at cycle {}{}", last, waits()));
}

void Engine::throw_limit_reached(Cycle limit) const {
  throw LimitReached(fmt::format("not finished at the limit of {} cycles{}", limit.index, waits()));
}

std::string Engine::waits() const {
  std::string lines;
  for (const Component* component : added_) {
    const std::string wait = component->describe_wait();
    if (!wait.empty()) lines += fmt::format("\n  {}: {}", component->name(), wait);
  }
  return lines;
}

}  // namespace hdp
