// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

// Every cycle is played from the last register to the first: whoever takes from a register runs
// before whoever fills it. "Not in the notes" marks what the measurements had to decide.
namespace hdp::test::plain {

using Cycle = std::int64_t;

inline int divide_up(int a, int b) { return (a + b - 1) / b; }
inline int round_up(int a, int b) { return divide_up(a, b) * b; }
inline int log2(int power_of_two) { return std::countr_zero(static_cast<unsigned>(power_of_two)); }

template <class Array>
auto& at(Array& array, int i) {
  return array[static_cast<std::size_t>(i)];
}

/// Push at c, pop from c + 2 on; a pop at c frees room at c + 1.
template <class T>
class Fifo {
 public:
  explicit Fifo(int depth) : depth_(static_cast<std::size_t>(depth)) {}
  bool has(Cycle now) const { return !items_.empty() && items_.front().first <= now; }
  bool room(Cycle now) const { return items_.size() + (popped_ == now ? 1 : 0) < depth_; }
  const T& front() const { return items_.front().second; }
  T pop(Cycle now) {
    T item = items_.front().second;
    items_.pop_front();
    popped_ = now;
    return item;
  }
  void push(const T& item, Cycle now) { items_.emplace_back(now + 2, item); }

 private:
  std::size_t depth_;
  std::deque<std::pair<Cycle, T>> items_;
  Cycle popped_ = -1;
};

/// A register takes an item when it is, or has just become, empty.
template <class T>
bool put(std::optional<T>& to, const T& item) {
  if (to) return false;
  to = item;
  return true;
}
template <class T>
bool advance(std::optional<T>& from, std::optional<T>& to) {
  if (!from || !put(to, *from)) return false;
  from.reset();
  return true;
}

/// `<-/<`: a skid buffer, then a register. Stepped after whoever takes from `out`.
template <class T>
struct SkidRegister {
  std::optional<T> skid, out;
  void step(std::optional<T>& input) {
    const bool ready = !skid;
    advance(skid, out);
    if (ready && !advance(input, out)) advance(input, skid);
  }
};

/// Two inputs; the one that is picked keeps the grant until it is released.
struct Arbiter {
  bool round_robin = false, locked = false;
  int last = 1;
  int pick(bool first, bool second) {
    const int favoured = round_robin ? 1 - last : 0;
    const int i = locked ? last : ((favoured == 0 ? first : second) ? favoured : 1 - favoured);
    if (!(i == 0 ? first : second)) return -1;
    last = i;
    locked = true;
    return i;
  }
};

/// An asynchronous fork: every branch takes the item once, at its own time.
template <int N>
struct Fork {
  std::array<bool, N> done{};
  template <class Take>
  void branch(int i, Take take) {
    if (!at(done, i)) at(done, i) = take();
  }
  bool finished() {
    if (std::find(done.begin(), done.end(), false) != done.end()) return false;
    done = {};
    return true;
  }
};

/// A row of the workload on its way through the machine.
struct Job {
  int id = 0, keys = 0, values = 0, latency = 0;
  int key_bits = 8, value_bits = 8, key_fused = 1, value_fused = 1;
  int key_lines = 0, value_lines = 0;
  bool requantise = false;
  int part = 0;              // of the pair that shares its keys
  Job* key_owner = nullptr;  // part 0
  int key_start = 0, key_tag = 0;
  int value_part = 0;  // by arrival
  Job* value_owner = nullptr;
  int value_start = 0, value_tag = 0;
};

struct Request {
  Job* job = nullptr;
  bool second = false;
};

/// The S scores of one buffer line.
struct Fragment {
  Job* job = nullptr;
  bool second = false, first = false, last = false;
  int need = 0;                  // in the re-quantise buffer
  int index_row = 0, group = 0;  // once reloaded
};

}  // namespace hdp::test::plain
