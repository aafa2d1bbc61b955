// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <kernel/toys.hpp>

#include <hdp/kernel/engine.hpp>
#include <hdp/kernel/wire.hpp>

namespace hdp::test {

/// Hands every value to both outputs, when both have room.
class Fork final : public Toy {
 public:
  Fork(std::string name, Channel<int>& in, Channel<int>& left, Channel<int>& right)
      : Toy(std::move(name)), in_(listen(in)), left_(drive(left)), right_(drive(right)) {}
  Cycle next_event(Cycle now) const override {
    if (in_.next_pop() > now) return in_.next_pop();
    return blocked_ ? kNever : now + Cycles{1};
  }

 private:
  void work(Cycle now) override {
    blocked_ = in_.can_pop(now) && !(left_.can_push(now) && right_.can_push(now));
    if (blocked_ || !in_.can_pop(now)) return;
    const int value = in_.pop(now);
    left_.push(now, value);
    right_.push(now, value);
  }
  Time::Doing doing(Cycle) const override {
    if (blocked_) return {Time::State::Blocked, Wait::Output};
    return {Time::State::Blocked, Wait::Input};
  }

  Channel<int>& in_;
  Channel<int>& left_;
  Channel<int>& right_;
  bool blocked_ = false;
};

/// Takes from its inputs in turn, one value a cycle, skipping an empty one. Raises `odd` while the
/// last value was odd.
class Join final : public Toy {
 public:
  Join(std::string name, Channel<int>& a, Channel<int>& b, Channel<int>& out, Wire<int>& odd)
      : Toy(std::move(name)), in_{&listen(a), &listen(b)}, out_(drive(out)), odd_(drive(odd)) {}
  Cycle next_event(Cycle now) const override {
    if (blocked_) return kNever;
    return std::max(std::min(in_[0]->next_pop(), in_[1]->next_pop()), now + Cycles{1});
  }

 private:
  void work(Cycle now) override {
    const std::size_t first = in_[turn_]->can_pop(now) ? turn_ : 1 - turn_;
    blocked_ = in_[first]->can_pop(now) && !out_.can_push(now);
    if (blocked_ || !in_[first]->can_pop(now)) return;
    const int value = in_[first]->pop(now);
    out_.push(now, 10 * value + static_cast<int>(first));
    odd_.set(now, value % 2);
    turn_ = 1 - first;
  }
  Time::Doing doing(Cycle) const override {
    if (blocked_) return {Time::State::Blocked, Wait::Output};
    return {Time::State::Idle};
  }

  std::array<Channel<int>*, 2> in_;
  Channel<int>& out_;
  Wire<int>& odd_;
  std::size_t turn_ = 0;
  bool blocked_ = false;
};

/// Busy while its wire is not zero.
class Watcher final : public Toy {
 public:
  Watcher(std::string name, Wire<int>& in) : Toy(std::move(name)), in_(listen(in)) {}
  Cycle next_event(Cycle) const override { return kNever; }

 private:
  void work(Cycle) override {}
  Time::Doing doing(Cycle now) const override {
    return {in_.get(now) != 0 ? Time::State::Busy : Time::State::Idle};
  }

  Wire<int>& in_;
};

/// Sends values as long as it has credits, which come back one at a time.
class Lender final : public Toy {
 public:
  Lender(std::string name, Channel<int>& out, Channel<int>& credits_in, int credits, int count)
      : Toy(std::move(name)),
        out_(drive(out)),
        in_credits_(listen(credits_in)),
        credits_(credits),
        left_(count) {}
  Cycle next_event(Cycle now) const override {
    const bool can_send = left_ > 0 && credits_ > 0 && !full_;
    return can_send ? now + Cycles{1} : std::max(in_credits_.next_pop(), now + Cycles{1});
  }

 private:
  void work(Cycle now) override {
    if (in_credits_.can_pop(now)) credits_ += in_credits_.pop(now);
    full_ = left_ > 0 && credits_ > 0 && !out_.can_push(now);
    if (full_ || left_ == 0 || credits_ == 0) return;
    out_.push(now, left_--);
    --credits_;
  }
  Time::Doing doing(Cycle) const override {
    if (left_ == 0) return {Time::State::Idle};
    return credits_ == 0
               ? Time::Doing{Time::State::Blocked, Wait::Input}
               : Time::Doing{full_ ? Time::State::Blocked : Time::State::Busy, Wait::Output};
  }

  Channel<int>& out_;
  Channel<int>& in_credits_;
  int credits_;
  int left_;
  bool full_ = false;
};

/// A small machine that owns its links and toys.
struct Graph {
  std::vector<std::unique_ptr<Channel<int>>> channels;
  std::vector<std::unique_ptr<Wire<int>>> wires;
  std::vector<std::unique_ptr<Toy>> toys;

  Channel<int>& channel(std::size_t capacity, Cycles latency) {
    return *channels.emplace_back(std::make_unique<Channel<int>>(capacity, latency));
  }
  Wire<int>& wire() { return *wires.emplace_back(std::make_unique<Wire<int>>()); }
  template <class T, class... Arguments>
  T& add(Arguments&&... arguments) {
    auto toy = std::make_unique<T>(std::forward<Arguments>(arguments)...);
    T& added = *toy;
    toys.push_back(std::move(toy));
    return added;
  }
};

}  // namespace hdp::test
