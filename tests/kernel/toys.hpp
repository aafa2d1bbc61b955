// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/component.hpp>
#include <hdp/kernel/time_split.hpp>

namespace hdp::test {

enum class Wait { Input, Output, Count };
using Time = TimeSplit<Wait>;
using Trace = std::vector<std::int64_t>;

/// A component that keeps its time, counts its ticks and can be written down as numbers.
class Toy : public Component {
 public:
  using Component::Component;
  void tick(Cycle now) final {
    ++ticks;
    work(now);
    time.enter(doing(now), now);
  }
  void close(Cycle end) final { time.close(end); }

  /// All that must not depend on order or mode; `ticks` may.
  virtual void write(Trace& trace) const {
    trace.insert(trace.end(), {time.idle().count, time.busy().count,
                               time.blocked(Wait::Input).count, time.blocked(Wait::Output).count});
  }

  Time time;
  std::int64_t ticks = 0;

 private:
  virtual void work(Cycle now) = 0;
  virtual Time::Doing doing(Cycle now) const = 0;
};

/// Pushes 0 .. count-1, at most one every `gap` cycles.
class Source final : public Toy {
 public:
  Source(std::string name, Channel<int>& out, int count, Cycles gap = {1})
      : Toy(std::move(name)), out_(drive(out)), count_(count), gap_(gap) {}
  Cycle next_event(Cycle now) const override {
    return sent_ == count_ || ready_at_ <= now ? kNever : ready_at_;
  }
  std::string describe_wait() const override { return sent_ == count_ ? "" : "output full"; }

 private:
  void work(Cycle now) override {
    if (sent_ == count_ || now < ready_at_ || !out_.can_push(now)) return;
    out_.push(now, sent_++);
    ready_at_ = now + gap_;
  }
  Time::Doing doing(Cycle now) const override {
    if (sent_ == count_) return {Time::State::Idle};
    if (ready_at_ > now) return {Time::State::Busy};
    return {Time::State::Blocked, Wait::Output};
  }

  Channel<int>& out_;
  int count_;
  Cycles gap_;
  int sent_ = 0;
  Cycle ready_at_{0};
};

/// Takes a value, works on it for `service` cycles, hands on value + add.
class Stage final : public Toy {
 public:
  Stage(std::string name, Channel<int>& in, Channel<int>& out, Cycles service, int add = 0)
      : Toy(std::move(name)), in_(listen(in)), out_(drive(out)), service_(service), add_(add) {}
  Cycle next_event(Cycle now) const override {
    if (!busy_) return std::max(in_.next_pop(), now + Cycles{1});
    return done_at_ > now ? done_at_ : kNever;
  }
  std::string describe_wait() const override { return busy_ ? "output full" : "input empty"; }

 private:
  void work(Cycle now) override {
    if (busy_ && done_at_ <= now && out_.can_push(now)) {
      out_.push(now, value_ + add_);
      busy_ = false;
    }
    if (!busy_ && in_.can_pop(now)) {
      value_ = in_.pop(now);
      done_at_ = now + service_;
      busy_ = true;
    }
  }
  Time::Doing doing(Cycle now) const override {
    if (!busy_) return {Time::State::Blocked, Wait::Input};
    if (done_at_ > now) return {Time::State::Busy};
    return {Time::State::Blocked, Wait::Output};
  }

  Channel<int>& in_;
  Channel<int>& out_;
  Cycles service_;
  int add_;
  bool busy_ = false;
  int value_ = 0;
  Cycle done_at_{0};
};

/// Takes at most one value every `gap` cycles and writes down when it saw which.
class Sink final : public Toy {
 public:
  Sink(std::string name, Channel<int>& in, Cycles gap = {1})
      : Toy(std::move(name)), in_(listen(in)), gap_(gap) {
    seen.reserve(1 << 16);
  }
  Cycle next_event(Cycle now) const override {
    return ready_at_ > now ? ready_at_ : std::max(in_.next_pop(), now + Cycles{1});
  }
  void write(Trace& trace) const override {
    Toy::write(trace);
    trace.insert(trace.end(), seen.begin(), seen.end());
  }

  Trace seen;  // cycle, value, cycle, value, ...

 private:
  void work(Cycle now) override {
    if (now < ready_at_ || !in_.can_pop(now)) return;
    seen.push_back(now.index);
    seen.push_back(in_.pop(now));
    ready_at_ = now + gap_;
  }
  Time::Doing doing(Cycle now) const override {
    return {ready_at_ > now ? Time::State::Busy : Time::State::Idle};
  }

  Channel<int>& in_;
  Cycles gap_;
  Cycle ready_at_{0};
};

}  // namespace hdp::test
