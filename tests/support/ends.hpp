// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/component.hpp>

namespace hdp::test {

/// A message and its cycle.
template <class T>
struct Timed {
  Cycle at;
  T value;
};

/// Pushes each value at its cycle, or as soon after it as there is room; keeps their order.
template <class T>
class Feeder final : public Component {
 public:
  Feeder(std::string name, Channel<T>& out, std::vector<Timed<T>> values)
      : Component(std::move(name)), out_(drive(out)), values_(std::move(values)) {}

  void tick(Cycle now) override {
    while (next_ != values_.size() && values_[next_].at <= now && out_.can_push(now)) {
      out_.push(now, values_[next_++].value);
    }
  }
  [[nodiscard]] Cycle next_event(Cycle now) const override {
    if (next_ == values_.size() || values_[next_].at <= now) return kNever;
    return values_[next_].at;
  }

 private:
  Channel<T>& out_;
  std::vector<Timed<T>> values_;
  std::size_t next_ = 0;
};

/// Takes at most one value every `gap` cycles, the first not before `from`.
template <class T>
class Taker final : public Component {
 public:
  Taker(std::string name, Channel<T>& in, Cycles gap = {1}, Cycle from = Cycle{0})
      : Component(std::move(name)), in_(listen(in)), gap_(gap), ready_at_(from) {
    seen.reserve(1 << 15);
  }

  void tick(Cycle now) override {
    if (now < ready_at_ || !in_.can_pop(now)) return;
    seen.push_back({now, in_.pop(now)});
    ready_at_ = now + gap_;
  }
  [[nodiscard]] Cycle next_event(Cycle now) const override {
    return ready_at_ > now ? ready_at_ : kNever;
  }

  /// When it took each value.
  [[nodiscard]] std::vector<Cycle> cycles() const {
    std::vector<Cycle> at;
    for (const Timed<T>& value : seen) at.push_back(value.at);
    return at;
  }

  std::vector<Timed<T>> seen;

 private:
  Channel<T>& in_;
  Cycles gap_;
  Cycle ready_at_;
};

}  // namespace hdp::test
