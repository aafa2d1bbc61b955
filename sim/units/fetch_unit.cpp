// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/kernel/timeline.hpp>
#include <hdp/units/fetch_unit.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 3> kFetchCounters{
    {{"requests", "requests", "Requests issued to the memory."},
     {"read_bytes", "bytes", "Bytes asked for and arrived."},
     {"written_bytes", "bytes", "Bytes written and acknowledged."}}};

}  // namespace

const UnitKind& fetch_unit_kind() {
  static constexpr UnitKind kKind{"fetch_unit", "Moves ranges of tensors between memory and SRAM.",
                                  kFetchCounters};
  return kKind;
}

FetchUnit::FetchUnit(std::string name, const FetchConfig& config,
                     Channel<FetchCommand>& in_commands, Channel<FetchDone>& out_done,
                     TransferPort& memory)
    : Unit(std::move(name)),
      config_(config),
      in_commands_(listen(in_commands)),
      out_done_(drive(out_done)),
      out_requests_(drive(memory.requests)),
      in_responses_(listen(memory.responses)) {}

void FetchUnit::tick(Cycle now) {
  take_responses(now);
  tell_done(now);
  take_commands(now);
  asked_ = ask(now);
  for (std::int64_t i = 1; asked_ && i < config_.requests_per_cycle && ask(now);) ++i;
  time_.enter(doing(now), now);
}

TimeSplit<FetchWait>::Doing FetchUnit::doing(Cycle now) const {
  using State = TimeSplit<FetchWait>::State;
  if (first_ == last_) return {State::Idle};
  if (asked_ || can_tell(now)) return {State::Busy};
  const bool complete = first_ != asking_ && at(first_).outstanding == 0;
  return {State::Blocked, complete ? FetchWait::Output : FetchWait::Memory};
}

bool FetchUnit::can_tell(Cycle now) const {
  return first_ != asking_ && at(first_).outstanding == 0 && out_done_.can_push(now);
}

void FetchUnit::take_responses(Cycle now) {
  const bool full = outstanding_ == config_.requests_in_flight;
  while (in_responses_.can_pop(now)) {
    // Others hang on it where it is the last of its command, or makes room for a request.
    Command& command = at(in_responses_.front(now).tag);
    const bool last = --command.outstanding == 0;
    in_responses_.pop(now, last || full ? &own_path() : nullptr);
    --outstanding_;
    if (full) asking_path_ = own_path();
  }
}

void FetchUnit::tell_done(Cycle now) {
  while (can_tell(now)) {
    const Command& done = at(first_);
    out_done_.push(now, {done.command.context, done.command.stream});
    const auto tensor = static_cast<std::size_t>(done.command.tensor);
    (done.command.write ? written_bytes_ : read_bytes_)[tensor] += done.bytes;
    if (timeline() != nullptr) [[unlikely]]
      timeline()->span(this->name(), name_of(done.command.tensor), done.started_at, now);
    ++first_;
  }
}

void FetchUnit::take_commands(Cycle now) {
  while (last_ - first_ < kCommands && in_commands_.can_pop(now)) {
    at(last_) = Command{.command = in_commands_.pop(now), .started_at = now};
    if (asking_ == last_) asking_path_ = own_path();
    ++last_;
  }
}

bool FetchUnit::ask(Cycle now) {
  pass_over_what_is_asked();
  if (asking_ == last_ || outstanding_ == config_.requests_in_flight ||
      !out_requests_.can_push(now))
    return false;
  Command& current = at(asking_);
  const FetchRange& range = current.command.ranges[current.range];
  const auto bytes = static_cast<std::uint32_t>(
      std::min<std::int64_t>(range.bytes - current.offset, config_.request_bytes));
  out_requests_.push(now,
                     {range.address + current.offset, bytes,
                      static_cast<std::uint32_t>(asking_ % kCommands), current.command.write},
                     asking_path_);
  current.offset += bytes;
  current.bytes += bytes;
  ++current.outstanding;
  ++outstanding_;
  ++requests_;
  if (current.offset == range.bytes) {
    ++current.range;
    current.offset = 0;
  }
  pass_over_what_is_asked();
  return true;
}

void FetchUnit::pass_over_what_is_asked() {
  // An empty command is complete without a request.
  for (; asking_ != last_; ++asking_) {
    Command& current = at(asking_);
    while (!current.all_asked() && current.command.ranges[current.range].bytes == 0)
      ++current.range;
    if (!current.all_asked()) return;
  }
}

Cycle FetchUnit::next_event(Cycle now) const {
  // After a request there may be another one to ask for, or time to charge to another account. What
  // can be reported by now is a command that was found to be empty.
  return asked_ || can_tell(now) ? now + Cycles{1} : kNever;
}

std::string FetchUnit::describe_wait() const {
  if (first_ == last_) return {};
  const bool complete = first_ != asking_ && at(first_).outstanding == 0;
  return complete ? "completions not taken" : "transfers not completed";
}

}  // namespace hdp
