// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/value_unit.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 2> kValueCounters{
    {{"rows", "rows", "Rows whose last survivor it took."},
     {"survivors", "keys", "Entries of the FIFO, each with its row of V."}}};

}  // namespace

const UnitKind& value_unit_kind() {
  static constexpr UnitKind kKind{"value_unit",
                                  "Softmax on the fly, and the sum of the weighted rows of V.",
                                  kValueCounters, true};
  return kKind;
}

ValueUnit::ValueUnit(std::string name, const ValueUnitConfig& config, const Ports& ports)
    : Unit(std::move(name)),
      in_survivors_(listen(ports.in_survivors)),
      in_scored_(listen(ports.in_scored)),
      in_wait_(listen(ports.in_wait)),
      out_rows_(drive(ports.out_rows)),
      done_at_(static_cast<std::size_t>(config.lanes)) {}

void ValueUnit::tick(Cycle now) {
  using State = TimeSplit<ValueWait>::State;
  while (row_is_over(now) && out_rows_.can_push(now)) end_row(now);
  for (Cycle& done_at : done_at_) {
    if (done_at > now || row_is_taken(now) || !in_survivors_.can_pop(now)) continue;
    const Survivor survivor = in_survivors_.pop(now);
    if (taken_++ == 0) started_at_ = now;
    ++survivors_;
    done_at = now + Cycles{survivor.cycles};
  }
  const ValueWait wait = row_is_over(now) ? ValueWait::Output : in_wait_.get(now);
  if (!is_free(now))
    time_.enter({State::Busy}, now);
  else if (wait == ValueWait::Count)
    time_.enter({State::Idle}, now);
  else
    time_.enter({State::Blocked, wait}, now);
}

bool ValueUnit::is_free(Cycle now) const {
  return std::ranges::all_of(done_at_, [now](Cycle done_at) { return done_at <= now; });
}

bool ValueUnit::row_is_taken(Cycle now) const {
  return in_scored_.can_pop(now) && in_scored_.front(now).survivors == taken_;
}

void ValueUnit::end_row(Cycle now) {
  const RowScored scored = in_scored_.pop(now);
  if (taken_ == 0) started_at_ = now;
  out_rows_.push(now, {scored, started_at_, now});
  if (timeline() != nullptr && taken_ > 0) [[unlikely]]
    timeline()->span(name(), "row", started_at_, now);
  taken_ = 0;
  ++rows_;
}

Cycle ValueUnit::next_event(Cycle now) const {
  Cycle next = kNever;
  for (const Cycle done_at : done_at_)
    if (done_at > now) next = std::min(next, done_at);
  return next;
}

std::string ValueUnit::describe_wait() const {
  return taken_ > 0 ? "the end of a row, or a place for it" : "";
}

}  // namespace hdp
