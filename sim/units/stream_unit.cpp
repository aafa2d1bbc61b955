// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 1> kStrips{{{"strips", "strips", "Strips of rows passed."}}};
constexpr std::array<CounterInfo, 1> kRows{{{"rows", "rows", "Rows of scores passed."}}};
constexpr std::array<CounterInfo, 1> kRankings{
    {{"rankings", "rankings", "Lists of values whose largest were found."}}};
constexpr std::array<CounterInfo, 1> kRounds{
    {{"rounds", "rounds", "Strips of rows decided on, once a chunk."}}};
constexpr std::array<CounterInfo, 1> kTiles{
    {{"tiles", "tiles", "Tiles of vectors brought to the width of the buffers."}}};

constexpr std::array<CounterInfo, 1> kVectorJobs{
    {{"jobs", "jobs", "Tiles of outputs, or rows of activations, passed."}}};

}  // namespace

const UnitKind& softmax_kind() {
  static constexpr UnitKind kKind{"softmax", "Scores to probabilities, a strip at a time.",
                                  kStrips};
  return kKind;
}

const UnitKind& row_softmax_kind() {
  static constexpr UnitKind kKind{"softmax", "Scores to probabilities, a row at a time.", kRows};
  return kKind;
}

const UnitKind& top_k_engine_kind() {
  static constexpr UnitKind kKind{
      "top_k_engine", "Finds the k largest of a list of values by quick select.", kRankings};
  return kKind;
}

const UnitKind& bit_width_converter_kind() {
  static constexpr UnitKind kKind{"bit_width_converter",
                                  "Fetched elements to the width of the buffers.", kTiles};
  return kKind;
}

const UnitKind& vector_unit_kind() {
  static constexpr UnitKind kKind{"vector_unit",
                                  "Element by element: requantisation, GELU, residual, layer norm.",
                                  kVectorJobs};
  return kKind;
}

const UnitKind& strip_probability_kind() {
  static constexpr UnitKind kKind{
      "probability_unit", "Bounds probabilities by what is known of the scores, and decides.",
      kRounds};
  return kKind;
}

StreamUnit::StreamUnit(std::string name, std::string_view what, Channel<StreamJob>& in_jobs,
                       Channel<StreamDone>& out_done, const UnitKind& kind)
    : Unit(std::move(name)),
      what_(what),
      kind_(kind),
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
