// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/kernel/critical_path.hpp>

namespace hdp {

template <class T>
class Channel;
class Engine;
class TimelineSink;

/// A clocked part of a machine. It meets others only through channels and wires, so the order in
/// which components tick never matters. It stays where it was built, and must not be ticked,
/// woken or pushed to after its engine is gone.
class Component {
 public:
  explicit Component(std::string name);
  virtual ~Component();
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  /// Does this cycle's work. May be called in cycles without any: it must then change nothing.
  virtual void tick(Cycle now) = 0;

  /// Asked after all ticks of `now`: the earliest cycle > now at which a tick could change
  /// anything, the charging of its time included, although no message arrives and no full output
  /// drains; kNever where only those can help. Too early costs time, too late is a fault. Messages
  /// still on their way need no mention; one that lies visible at an input and could be taken does.
  [[nodiscard]] virtual Cycle next_event(Cycle now) const { return now + Cycles{1}; }

  /// What it waits for, for the report of a deadlock; empty where it waits for nothing.
  [[nodiscard]] virtual std::string describe_wait() const { return {}; }

  /// The run ends before `end`: charge the last span of time. A later run may follow.
  virtual void close([[maybe_unused]] Cycle end) {}

  [[nodiscard]] const std::string& name() const { return name_; }

  /// Whom its share of a critical path is charged to; components of one account add up.
  [[nodiscard]] virtual std::string_view account() const { return name_; }
  /// What the last thing that it did hung on.
  [[nodiscard]] const CriticalPath& path() const { return path_; }
  /// What it does next hangs on this: a host says so, where it starts work by hand.
  void hang_on(const CriticalPath& path) { path_ = path; }

  /// Have it ticked at `when` or before; after that tick its next_event decides again. Channels and
  /// wires call this; a host must, where it changes a component by hand between runs.
  void wake(Cycle when) {
    if (when < *wake_at_) *wake_at_ = when;
  }

  /// `sink` may be null (the default) and must outlive the runs.
  void set_timeline(TimelineSink* sink) { timeline_ = sink; }

 protected:
  /// Binds this component as the reader of `in`: `in_(listen(in))`.
  template <class Link>
  Link& listen(Link& in) {
    in.bind_reader(*this);
    return in;
  }
  /// Binds this component as the writer of `out`: `out_(drive(out))`.
  template <class Link>
  Link& drive(Link& out) {
    out.bind_writer(*this);
    return out;
  }
  [[nodiscard]] TimelineSink* timeline() const { return timeline_; }
  [[nodiscard]] CriticalPath& own_path() { return path_; }
  /// Its place on critical paths.
  [[nodiscard]] std::size_t account_index() const { return account_; }

 private:
  friend class Engine;
  template <class T>
  friend class Channel;

  Cycle wake_after(Cycle now) const;
  CriticalPath path_;
  std::size_t account_ = 0;  // the engine gives it
  Cycle unattached_wake_at_ = kNever;
  Cycle* wake_at_ = &unattached_wake_at_;  // a slot of the engine once added
  std::vector<const Cycle*> arrivals_;     // for each input, when its oldest message is visible
  TimelineSink* timeline_ = nullptr;
  std::string name_;
};

}  // namespace hdp
