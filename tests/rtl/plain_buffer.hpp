// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "plain_parts.hpp"

namespace hdp::test::plain {

/// Circular allocation of buffer lines. Batches are recycled in order, at most one a cycle, so one
/// released early waits for its predecessors. Not in the notes: part 1 takes no tag of its own.
class Allocator {
 public:
  explicit Allocator(int lines) : capacity_(lines), free_(lines) {}
  bool fits(int size, Cycle now) {
    while (!live_.empty() && live_.front().second >= 0) {
      const Cycle freed = std::max(live_.front().second + 4, recycled_ + 1);
      if (freed > now) break;
      recycled_ = freed;
      free_ += live_.front().first;
      live_.pop_front();
    }
    return now >= 32 && live_.size() < 16 && size <= free_;
  }
  /// First line and tag. Not in the notes: the tag is wider than 5 bits; here it never wraps.
  std::pair<int, int> allocate(int size) {
    const int start = std::exchange(next_, (next_ + size) % capacity_);
    free_ -= size;
    live_.emplace_back(size, -1);
    return {start, tags_++};
  }
  void release(int tag, Cycle now) {
    at(live_, static_cast<int>(live_.size()) - tags_ + tag).second = now;
  }

 private:
  int capacity_, free_, next_ = 0, tags_ = 0;
  std::deque<std::pair<int, Cycle>> live_;  // lines, when released
  Cycle recycled_ = 0;
};

struct Descriptor {
  int start = 0, step = 1, size = 0, tag = 0;
};

/// What a port writes: one matrix of a fused pair, or every other line.
inline Descriptor port_descriptor(int start, int port, int lines, bool fused, int tag) {
  return fused ? Descriptor{start + lines * port, 1, lines, tag}
               : Descriptor{start + port, 2, lines / 2, tag};
}

/// The key or the value buffer: two write ports, two banks, one speculative read port (B8).
class Buffer {
 public:
  explicit Buffer(int lines)
      : lines_(lines), ready_at_(16 + lines / 2), tags_(static_cast<std::size_t>(lines), -1) {}

  std::array<std::optional<Descriptor>, 2> write_descriptor;
  std::array<std::optional<bool>, 2> write_data;  // the data registers
  std::optional<Descriptor> read_descriptor;
  std::optional<bool> line;  // D: a line for the multipliers; true: the pass's last

  void read(Cycle now) {
    const int old_commit = commit_;
    const bool stale = c_ && c_->flag != flag_;
    const bool miss = c_ && !stale && !c_->match;
    if (c_ && (stale || miss || put(line, c_->last))) {
      if (!stale && !miss) ++commit_;
      c_.reset();
    }
    const int bank = reads_.pick(b_[0].has_value(), b_[1].has_value());
    if (bank >= 0 && advance(at(b_, bank), c_)) reads_.locked = false;
    for (int i = 0; i < 2; ++i) advance(at(a_, i), at(b_, i));
    if (issued_ && now >= ready_at_) {
      issued_->match = at(tags_, issued_->address) == issued_->tag;
      advance(issued_, at(a_, issued_->address & 1));
    }
    if (issue_ != push_ && !dead_ && put(issued_, at(ring_, issue_ % 16))) {
      issued_->flag = flag_;
      ++issue_;
    }
    if (miss) {
      issue_ = commit_;
      flag_ = !flag_;
    }
    dead_ = issue_ == push_;  // a slot written now is not issued in the next cycle
    if (generated_ && push_ - old_commit < 15) {
      at(ring_, push_++ % 16) = *generated_;
      generated_.reset();
    }
    if (!read_descriptor || generated_) return;
    Descriptor& d = *read_descriptor;
    generated_ = Read{d.start++ % lines_, d.tag, d.size == 1};
    if (--d.size == 0) read_descriptor.reset();
  }

  /// After read(), which sees the tags from before the writes of its cycle.
  void write(Cycle now) {
    for (int bank = 0; bank < 2; ++bank) {
      std::optional<Write>& w = at(bank_, bank);
      if (w && now >= ready_at_) {
        at(tags_, w->address) = w->tag;
        w.reset();
      }
      const auto wants = [&](int p) {
        return at(port_, p).out && (at(port_, p).out->address & 1) == bank;
      };
      const int p = at(writes_, bank).pick(wants(0), wants(1));
      if (p >= 0 && advance(at(port_, p).out, w)) at(writes_, bank).locked = false;
    }
    for (int p = 0; p < 2; ++p) {
      std::optional<Descriptor>& d = at(write_descriptor, p);
      std::optional<Write> next;
      // Nothing arrives beyond the descriptor's size, so nothing is ever thrown here.
      if (at(write_data, p) && d && !at(port_, p).skid) {
        next = Write{d->start % lines_, d->tag};
        at(write_data, p).reset();
        d->start += d->step;
        if (--d->size == 0) d.reset();
      }
      at(port_, p).step(next);
    }
  }

 private:
  struct Write {
    int address = 0, tag = 0;
  };
  struct Read {
    int address = 0, tag = 0;
    bool last = false, flag = false, match = false;
  };

  int lines_;
  Cycle ready_at_;
  std::vector<int> tags_;
  std::array<SkidRegister<Write>, 2> port_;
  std::array<std::optional<Write>, 2> bank_;
  std::array<Arbiter, 2> writes_{Arbiter{true}, Arbiter{true}};
  Arbiter reads_;
  std::array<Read, 16> ring_{};
  std::optional<Read> generated_, issued_, c_;
  std::array<std::optional<Read>, 2> a_, b_;
  int push_ = 0, issue_ = 0, commit_ = 0;
  bool flag_ = false, dead_ = false;
};

}  // namespace hdp::test::plain
