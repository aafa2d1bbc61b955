// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/kernel/component.hpp>

namespace hdp {

/// A first-in first-out link with one writer and one reader. The outcome never depends on which end
/// ticks first: a value pushed at cycle N is visible from N + latency (latency >= 1), and a slot
/// freed at cycle N can be filled again from N + 1. One value every cycle needs
/// capacity >= latency + 1; fewer slots give capacity values in latency + 1 cycles.
///
/// A message carries the critical path that it came by: one that is taken as soon as it is visible
/// was waited for, one that is taken later waited itself (critical_path.hpp).
///
/// A push wakes the reader when the value becomes visible; a pop from a full channel wakes the
/// writer in the next cycle. Either end may be unbound and driven by hand. Time never goes back.
template <class T>
class Channel {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 64,
                "a message is a small plain value: put large things in a table and send the index");

 public:
  explicit Channel(std::size_t capacity, Cycles latency = Cycles{1})
      : latency_(latency), slots_(capacity) {
    HDP_CHECK(capacity >= 1, "a channel has at least one slot");
    HDP_CHECK(latency.count >= 1, "a channel takes at least one cycle");
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void bind_reader(Component& reader) {
    HDP_CHECK(reader_ == nullptr, "a channel has one reader");
    reader_ = &reader;
    reader.arrivals_.push_back(&next_pop_);
  }
  void bind_writer(Component& writer) {
    HDP_CHECK(writer_ == nullptr, "a channel has one writer");
    writer_ = &writer;
  }

  [[nodiscard]] bool can_push(Cycle now) const { return taken(now) < slots_.size(); }
  [[nodiscard]] bool can_pop(Cycle now) const { return next_pop_ <= now; }

  void push(Cycle now, const T& value) {
    if (writer_ == nullptr) return put(now, value, CriticalPath::unknown());
    push(now, value, writer_->path_);
  }
  /// The same for a message that hangs on something else than what its writer did last.
  void push(Cycle now, const T& value, CriticalPath& path) {
    if (full_at_ + Cycles{1} == now && path.end() < now) path = freed_path_;
    path.work_until(writer_->account_, now);
    put(now, value, path);
  }

  T pop(Cycle now) { return pop(now, reader_ == nullptr ? nullptr : &reader_->path_); }
  /// The same where `path`, not all that the reader does next, hangs on the message; null: nothing
  /// does. A reader that looks at it up to `slack` later has still waited for it.
  T pop(Cycle now, CriticalPath* path, Cycles slack = Cycles{0}) {
    HDP_CHECK(can_pop(now), "pop from a channel without a visible value");
    const Slot& slot = slots_[head_];
    const T value = slot.value;
    if (path != nullptr) follow(slot, now, slack, *path);
    if (popped_at_ != now) pops_ = 0;
    popped_at_ = now;
    ++pops_;
    --size_;
    head_ = wrapped(head_ + 1);
    next_pop_ = size_ == 0 ? kNever : slots_[head_].visible_at;
    wake_writer_if_full(now);
    return value;
  }

  /// The value the next pop returns. Valid until then.
  [[nodiscard]] const T& front(Cycle now) const {
    HDP_CHECK(can_pop(now), "front of a channel without a visible value");
    return slots_[head_].value;
  }

  /// When the oldest value is, or was, visible; kNever where there is none.
  [[nodiscard]] Cycle next_pop() const { return next_pop_; }

  /// Values inside, on their way or visible. These two see the other end's work of the same cycle:
  /// for use between cycles (next_event, describe_wait, tests), never for a decision in tick.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }
  [[nodiscard]] Cycles latency() const { return latency_; }

 private:
  struct Slot {
    Cycle visible_at;
    T value;
    CriticalPath path;
  };

  void put(Cycle now, const T& value, const CriticalPath& path) {
    HDP_CHECK(can_push(now), "push into a full channel");
    const Cycle visible_at = now + latency_;
    Slot& slot = slots_[wrapped(head_ + size_)];
    slot.visible_at = visible_at;
    slot.value = value;
    slot.path = path;
    if (writer_ != nullptr) slot.path.latency_until(writer_->account_, visible_at);
    pushed_at_ = now;
    if (size_++ == 0) next_pop_ = visible_at;
    if (reader_ != nullptr) reader_->wake(visible_at);
    // The reader may have ticked first: its pop met a channel that only now looks full.
    if (freed(now) != 0) wake_writer_if_full(now);
  }

  void follow(const Slot& slot, Cycle now, Cycles slack, CriticalPath& path) {
    if (slot.path.known() && now <= slot.visible_at + slack) path = slot.path;
    path.work_until(reader_->account_, now);
    // In a cycle that begins with a full channel nothing can be pushed, whichever end ticks first.
    if (taken(now) != slots_.size() || pushed_at_ == now) return;
    full_at_ = now;
    freed_path_ = path;
  }

  std::size_t freed(Cycle now) const { return popped_at_ == now ? pops_ : 0; }
  std::size_t taken(Cycle now) const { return size_ + freed(now); }
  std::size_t wrapped(std::size_t at) const { return at < slots_.size() ? at : at - slots_.size(); }
  void wake_writer_if_full(Cycle now) {
    if (writer_ != nullptr && taken(now) == slots_.size()) writer_->wake(now + Cycles{1});
  }

  Cycles latency_;
  std::vector<Slot> slots_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
  Cycle next_pop_ = kNever;
  Cycle popped_at_{-1};      // the cycle of the last pop,
  std::size_t pops_ = 0;     // and how many pops it saw
  Cycle pushed_at_{-1};      // the cycle of the last push
  Cycle full_at_{-2};        // the last one that began with a full channel and saw a pop,
  CriticalPath freed_path_;  // and what that pop hung on
  Component* reader_ = nullptr;
  Component* writer_ = nullptr;
};

}  // namespace hdp
