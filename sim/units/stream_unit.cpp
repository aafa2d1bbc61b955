// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {

StreamUnit::StreamUnit(std::string name, std::string_view what, Channel<StreamJob>& in_jobs,
                       Channel<StreamDone>& out_done)
    : Component(std::move(name)),
      what_(what),
      in_jobs_(listen(in_jobs)),
      out_done_(drive(out_done)) {}

void StreamUnit::tick(Cycle now) {
  using State = TimeSplit<StreamWait>::State;
  if (busy_ && done_at_ <= now && out_done_.can_push(now)) finish(now);
  if (!busy_ && in_jobs_.can_pop(now)) start(now);
  if (!busy_)
    time_.enter({State::Idle}, now);
  else if (now < done_at_)
    time_.enter({State::Busy}, now);
  else
    time_.enter({State::Blocked, StreamWait::Output}, now);
}

void StreamUnit::finish(Cycle now) {
  out_done_.push(now, {job_.id});
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(this->name(), what_, started_at_, done_at_);
  busy_ = false;
}

void StreamUnit::start(Cycle now) {
  job_ = in_jobs_.pop(now);
  busy_ = true;
  started_at_ = now;
  done_at_ = now + Cycles{std::max<std::int64_t>(1, job_.cycles)};
  ++jobs_;
}

Cycle StreamUnit::next_event(Cycle now) const {
  return busy_ && now < done_at_ ? done_at_ : kNever;
}

std::string StreamUnit::describe_wait() const { return busy_ ? "results not taken" : ""; }

}  // namespace hdp
