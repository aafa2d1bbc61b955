// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/check.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/units/bit_serial_array.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 3> kBitSerialCounters{
    {{"keys", "keys", "Keys that it met, once for each row."},
     {"steps", "steps", "Steps that they took."},
     {"survivors", "keys", "Keys whose score went to the FIFO."}}};

}  // namespace

const UnitKind& dot_product_unit_kind() {
  static constexpr UnitKind kKind{
      "dot_product_unit",
      "Multiplies a query with keys bit by bit, and gives a key up once it is out of reach.",
      kBitSerialCounters, true};
  return kKind;
}

BitSerialArray::BitSerialArray(std::string name, const BitSerialConfig& config, const Ports& ports)
    : Unit(std::move(name)),
      in_rows_(listen(ports.in_rows)),
      in_wait_(listen(ports.in_wait)),
      out_survivors_(drive(ports.out_survivors)),
      out_scored_(drive(ports.out_scored)),
      units_(static_cast<std::size_t>(config.units)) {}

void BitSerialArray::tick(Cycle now) {
  if (busy_ && give_scores(now)) end_row(now);
  if (!busy_ && in_rows_.can_pop(now)) start_row(now);
  for (DotProductUnit& unit : units_) unit.time.enter(doing(unit, now), now);
}

TimeSplit<DotProductWait>::Doing BitSerialArray::doing(const DotProductUnit& unit,
                                                       Cycle now) const {
  using State = TimeSplit<DotProductWait>::State;
  if (busy_ && now < unit.done_at) return {State::Busy};
  if (busy_)
    return {State::Blocked, unit.has_score ? DotProductWait::ScoreFifo : DotProductWait::Row};
  const DotProductWait wait = in_wait_.get(now);
  if (wait == DotProductWait::Count) return {State::Idle};
  return {State::Blocked, wait};
}

/// Units whose score is complete give it away and go on, the lowest first; whether the row ended.
bool BitSerialArray::give_scores(Cycle now) {
  bool ended = true;
  for (DotProductUnit& unit : units_) {
    if (unit.has_score && unit.done_at <= now && out_survivors_.can_push(now)) {
      out_survivors_.push(now, {row_.row, unit.key, row_.value_cycles}, unit.path);
      ++unit.survivors;
      ++scored_.survivors;
      go_on(unit, now);
    }
    ended = ended && unit.ended(now);
  }
  return ended;
}

/// To the next key that survives, or to the end of its keys.
void BitSerialArray::go_on(DotProductUnit& unit, Cycle now) {
  std::int64_t steps = 0;
  unit.has_score = false;
  while (unit.next < row_.count && !unit.has_score) {
    const std::uint8_t key = row_.keys[unit.next];
    steps += KeySteps::of(key);
    unit.has_score = KeySteps::survives(key);
    unit.key = static_cast<std::uint32_t>(unit.next);
    unit.next += units_.size();
    ++unit.keys;
  }
  unit.steps += steps;
  unit.done_at = now + Cycles{steps * row_.step_cycles};
}

void BitSerialArray::end_row(Cycle now) {
  if (!out_scored_.can_push(now)) return;
  // What follows hangs on the unit that ended last.
  own_path() = std::ranges::max_element(units_, {}, &DotProductUnit::done_at)->path;
  scored_.ended_at = now;
  out_scored_.push(now, scored_);
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(name(), "row", scored_.started_at, now);
  busy_ = false;
}

void BitSerialArray::start_row(Cycle now) {
  row_ = in_rows_.pop(now);
  HDP_CHECK(row_.count > 0, "a row has keys");
  scored_ = {.row = row_.row, .started_at = now};
  busy_ = true;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    units_[u].next = u;
    units_[u].path = path();
    go_on(units_[u], now);
  }
}

Cycle BitSerialArray::next_event(Cycle now) const {
  if (!busy_) return kNever;
  Cycle next = kNever;
  for (const DotProductUnit& unit : units_)
    if (unit.done_at > now) next = std::min(next, unit.done_at);
  return next;
}

void BitSerialArray::close(Cycle end) {
  for (DotProductUnit& unit : units_) unit.time.close(end);
}

std::vector<UnitReport> BitSerialArray::reports() const {
  std::vector<UnitReport> all;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const DotProductUnit& unit = units_[u];
    all.push_back(account(unit.time, EnumNames<DotProductWait>::kNames,
                          {unit.keys, unit.steps, unit.survivors}));
    all.back().instance = fmt::format("{}{}", name(), u);
  }
  return all;
}

std::string BitSerialArray::describe_wait() const {
  return busy_ ? "scores, or the end of a row, not taken" : "";
}

}  // namespace hdp
