// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/kernel/component.hpp>

namespace hdp {

/// A registered signal without back-pressure: a value set at cycle N is seen from N + 1 until the
/// next one. One writer, of whose values of one cycle the last counts; so the order of ticks never
/// matters. A change wakes the reader, where one is bound; others may look but are not woken.
template <std::equality_comparable T>
class Wire {
 public:
  explicit Wire(T initial = T{}) : before_(initial), value_(initial) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void bind_reader(Component& reader) {
    HDP_CHECK(reader_ == nullptr, "a wire wakes one reader");
    reader_ = &reader;
  }
  void bind_writer(Component& writer) {
    HDP_CHECK(writer_ == nullptr, "a wire has one writer");
    writer_ = &writer;
  }

  void set(Cycle now, T value) {
    if (now != set_at_) before_ = value_;
    set_at_ = now;
    if (value == value_) return;
    value_ = value;
    if (reader_ != nullptr) reader_->wake(now + Cycles{1});
  }

  [[nodiscard]] const T& get(Cycle now) const { return set_at_ < now ? value_ : before_; }

 private:
  T before_;  // what is seen in the cycle of the last set
  T value_;
  Cycle set_at_{-1};
  Component* reader_ = nullptr;
  const Component* writer_ = nullptr;
};

}  // namespace hdp
