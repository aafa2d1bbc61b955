// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/probability_unit.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 2> kProbabilityCounters{
    {{"tests", "tests", "Bounds that entered a denominator and were tested."},
     {"tokens", "tokens", "Partial scores of tokens passed, one for each chunk."}}};

}  // namespace

const UnitKind& probability_unit_kind() {
  static constexpr UnitKind kKind{
      "probability_unit", "Bounds probabilities by what is known of the scores, and decides.",
      kProbabilityCounters};
  return kKind;
}

ProbabilityUnit::ProbabilityUnit(std::string name, const ProbabilityUnitConfig& config,
                                 Channel<LaneResult>& in_scores,
                                 Channel<TokenVerdict>& out_verdicts, ProbabilityJudge& judge)
    : Unit(std::move(name)),
      config_(config),
      in_scores_(listen(in_scores)),
      out_verdicts_(drive(out_verdicts)),
      judge_(judge) {}

void ProbabilityUnit::tick(Cycle now) {
  using State = TimeSplit<ProbabilityWait>::State;
  std::int64_t room = config_.tests_per_cycle;
  bool stuck = false;
  const bool worked_before = std::exchange(worked_, false);
  while (room > 0 && in_scores_.can_pop(now)) {
    const std::int64_t wanted = in_scores_.front(now).tests - begun_;
    if (wanted > room) {
      begun_ += room;
      worked_ = true;
      break;
    }
    stuck = !out_verdicts_.can_push(now);
    if (stuck) break;
    // A score without tests passes by, in the place of one.
    room -= std::max<std::int64_t>(1, wanted);
    begun_ = 0;
    const LaneResult result = in_scores_.pop(now);
    tests_ += result.tests;
    ++tokens_;
    out_verdicts_.push(now, judge_.judge(result));
    worked_ = true;
  }
  if (worked_ && !worked_before) busy_since_ = now;
  if (!worked_ && worked_before && timeline() != nullptr) [[unlikely]]
    timeline()->span(name(), "test", busy_since_, now);
  if (worked_)
    time_.enter({State::Busy}, now);
  else
    time_.enter({stuck ? State::Blocked : State::Idle}, now);
}

Cycle ProbabilityUnit::next_event(Cycle now) const { return worked_ ? now + Cycles{1} : kNever; }

std::string ProbabilityUnit::describe_wait() const {
  return in_scores_.empty() ? "" : "verdicts not taken";
}

}  // namespace hdp
