// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

namespace hdp {

/// A group of settings that may be off, which is written null. Off, it holds the defaults that it
/// starts from once it is on.
template <class Group>
class OptionalGroup {
 public:
  OptionalGroup() = default;
  OptionalGroup(Group group) : on_(true), group_(std::move(group)) {}  // NOLINT: as std::optional

  explicit operator bool() const { return on_; }
  [[nodiscard]] const Group& operator*() const { return group_; }
  [[nodiscard]] Group& operator*() { return group_; }
  [[nodiscard]] const Group* operator->() const { return &group_; }
  [[nodiscard]] Group* operator->() { return &group_; }
  /// Off forgets what was set; on starts from the defaults.
  void turn(bool on) {
    on_ = on;
    if (!on) group_ = Group{};
  }
  friend bool operator==(const OptionalGroup&, const OptionalGroup&) = default;

 private:
  bool on_ = false;
  Group group_{};
};

}  // namespace hdp
