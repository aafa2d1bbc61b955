// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/softmax_unit.hpp>

namespace hdp {

Cycles softmax_row_cycles(const SoftmaxConfig& config, std::int64_t entries) {
  return {ceil_div(entries, config.lanes)};
}

SoftmaxUnit::SoftmaxUnit(std::string name, Channel<SoftmaxStrip>& in_scores,
                         Channel<StripProbabilities>& out_probabilities)
    : Component(std::move(name)),
      in_scores_(listen(in_scores)),
      out_probabilities_(drive(out_probabilities)) {}

void SoftmaxUnit::tick(Cycle now) {
  using State = TimeSplit<SoftmaxWait>::State;
  if (busy_ && done_at_ <= now && out_probabilities_.can_push(now)) finish(now);
  if (!busy_ && in_scores_.can_pop(now)) start(now);
  if (!busy_)
    time_.enter({State::Idle}, now);
  else if (now < done_at_)
    time_.enter({State::Busy}, now);
  else
    time_.enter({State::Blocked, SoftmaxWait::Output}, now);
}

void SoftmaxUnit::finish(Cycle now) {
  out_probabilities_.push(now, {strip_.id});
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(this->name(), "softmax", started_at_, done_at_);
  busy_ = false;
}

void SoftmaxUnit::start(Cycle now) {
  strip_ = in_scores_.pop(now);
  busy_ = true;
  started_at_ = now;
  done_at_ = now + Cycles{std::max<std::int64_t>(1, strip_.cycles)};
  ++strips_;
}

Cycle SoftmaxUnit::next_event(Cycle now) const {
  return busy_ && now < done_at_ ? done_at_ : kNever;
}

std::string SoftmaxUnit::describe_wait() const { return busy_ ? "probabilities not taken" : ""; }

}  // namespace hdp
