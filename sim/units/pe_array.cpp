// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 6> kPhased{
    {{"jobs", "jobs", "Tiles, or passes of a strip, that the array has taken."},
     {"integer_cycles", "cycles", "Busy on products of integer planes."},
     {"fraction_cycles", "cycles", "Busy on the fraction products of kept blocks."},
     {"score_cycles", "cycles", "Busy on exact products of Q and K (dense attention)."},
     {"value_cycles", "cycles", "Busy on P.V."},
     {"operand_cycles", "cycles", "What the banks needed to read the operands of its jobs."}}};
constexpr std::array<CounterInfo, 1> kPlain{
    {{"jobs", "jobs", "Rows, or tiles of a row, that the array has taken."}}};

}  // namespace

const UnitKind& pe_array_kind() {
  static constexpr UnitKind kKind{
      "pe_array", "Rows x columns of PEs: scores, and outputs from probabilities.", kPhased, true};
  return kKind;
}

const UnitKind& multiplier_array_kind() {
  static constexpr UnitKind kKind{
      "multiplier_array", "Multipliers and adder trees of one product, QK or PV.", kPlain, true};
  return kKind;
}

Cycles integer_tile_cycles(Precision precision, std::int64_t d, OperandWidths widths) {
  if (precision != Precision::Split) return {d};
  const std::int64_t w = widths.word_bits;
  return {ceil_div(d * widths.integer_bits * widths.integer_bits, w * w)};
}

Cycles fraction_tile_cycles(Precision precision, std::int64_t d, OperandWidths widths, bool exact) {
  const std::int64_t f = widths.fraction_bits();
  if (f == 0) return {0};
  switch (precision) {
    case Precision::Uniform:
      return {exact ? 3 * d : 2 * d};
    case Precision::Fused:
      return {exact ? 2 * d : d};
    case Precision::Split:
      break;
  }
  const std::int64_t bit_products = 2 * widths.integer_bits * f + (exact ? f * f : 0);
  return {ceil_div(d * bit_products, widths.word_bits * widths.word_bits)};
}

Cycles plane_tile_cycles(Precision precision, std::int64_t d, std::int64_t word_bits,
                         std::int64_t query_bits, std::int64_t key_bits) {
  if (query_bits == 0 || key_bits == 0) return {0};
  if (precision != Precision::Split) return {d};
  return {ceil_div(d * query_bits * key_bits, word_bits * word_bits)};
}

Cycles score_tile_cycles(std::int64_t d) { return {d}; }

Cycles value_key_cycles(const PeArrayConfig& config, std::int64_t d) {
  return {ceil_div(d, config.columns)};
}

PeArray::PeArray(std::string name, const Ports& ports, const UnitKind& kind)
    : Unit(std::move(name)),
      kind_(kind),
      in_jobs_(listen(ports.in_jobs)),
      wait_(listen(ports.wait)),
      out_tiles_(drive(ports.out_tiles)),
      out_scores_(drive(ports.out_scores)),
      out_done_(drive(ports.out_done)) {}

UnitReport PeArray::report() const {
  if (kind_.counters.size() == 1) return account(time_, EnumNames<PeWait>::kNames, {jobs_});
  const auto of = [&](Phase phase) { return phase_cycles_[static_cast<std::size_t>(phase)].count; };
  return account(time_, EnumNames<PeWait>::kNames,
                 {jobs_, of(Phase::Integer), of(Phase::Fraction), of(Phase::Score),
                  of(Phase::Value), operand_cycles_.count});
}

void PeArray::tick(Cycle now) {
  if (busy_ && done_at_ <= now && can_finish(now)) finish(now);
  if (!busy_ && in_jobs_.can_pop(now)) start(now);
  time_.enter(doing(now), now);
}

bool PeArray::can_finish(Cycle now) const {
  return out_done_.can_push(now) && (!job_.to_engine || out_tiles_.can_push(now)) &&
         (!job_.to_softmax || out_scores_.can_push(now));
}

void PeArray::finish(Cycle now) {
  own_path().work_until(account_index(), computed_at_);
  if (operand_account_) own_path().work_until(*operand_account_, done_at_);
  if (job_.to_engine) out_tiles_.push(now, {job_.id, job_.engine_add, job_.engine_select});
  if (job_.to_softmax) out_scores_.push(now, {job_.id, job_.softmax});
  out_done_.push(now, {job_.id, job_.phase, job_.last, started_at_, done_at_});
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(this->name(), name_of(job_.phase), started_at_, done_at_);
  busy_ = false;
}

void PeArray::start(Cycle now) {
  job_ = in_jobs_.pop(now);
  busy_ = true;
  started_at_ = now;
  computed_at_ = now + Cycles{std::max<std::int64_t>(1, job_.compute)};
  done_at_ = std::max(computed_at_, now + Cycles{job_.operands});
  ++jobs_;
  operand_cycles_ += Cycles{job_.operands};
  phase_cycles_[static_cast<std::size_t>(job_.phase)] += computed_at_ - now;
}

TimeSplit<PeWait>::Doing PeArray::doing(Cycle now) const {
  using State = TimeSplit<PeWait>::State;
  if (busy_) {
    if (now < computed_at_) return {State::Busy};
    return {State::Blocked, now < done_at_ ? PeWait::SramBank : PeWait::Output};
  }
  const PeWait reason = wait_.get(now);
  if (reason == PeWait::Nothing) return {State::Idle};
  return {State::Blocked, reason};
}

Cycle PeArray::next_event(Cycle now) const {
  if (!busy_) return kNever;
  if (now < computed_at_) return computed_at_;
  return now < done_at_ ? done_at_ : kNever;
}

std::string PeArray::describe_wait() const {
  if (busy_) return "results not taken";
  return {};
}

}  // namespace hdp
