// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <numeric>

#include <hdp/base/check.hpp>
#include <hdp/kernel/timeline.hpp>
#include <hdp/units/priority_fetch_unit.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 4> kPriorityFetchCounters{
    {{"urgent_requests", "requests", "Requests that went before the stream."},
     {"stream_requests", "requests",
      "Requests of the stream: first chunks of keys, or whole K and V."},
     {"read_bytes", "bytes", "Bytes asked for and arrived."},
     {"written_bytes", "bytes", "Bytes written and acknowledged."}}};

}  // namespace

const UnitKind& priority_fetch_unit_kind() {
  static constexpr UnitKind kKind{"priority_fetch_unit",
                                  "Asks for what is urgent first, and gives on what arrives in the "
                                  "order of arrival.",
                                  kPriorityFetchCounters};
  return kKind;
}

PriorityFetchUnit::PriorityFetchUnit(std::string name, const FetchConfig& config,
                                     const Ports& ports, TransferPort& memory)
    : Unit(std::move(name)),
      config_(config),
      in_urgent_(listen(ports.in_urgent)),
      in_stream_(listen(ports.in_stream)),
      out_lanes_(drive(ports.out_lanes)),
      out_done_(drive(ports.out_done)),
      out_requests_(drive(memory.requests)),
      in_responses_(listen(memory.responses)),
      under_way_(static_cast<std::size_t>(config.requests_in_flight)),
      free_tags_(under_way_.size()) {
  std::iota(free_tags_.rbegin(), free_tags_.rend(), 0U);
}

void PriorityFetchUnit::tick(Cycle now) {
  using State = TimeSplit<FetchWait>::State;
  while (give_on(now)) {
  }
  asked_ = false;
  for (std::int64_t i = 0; i < config_.requests_per_cycle; ++i) {
    if (!ask(now, in_urgent_) && !ask(now, in_stream_)) break;
    asked_ = true;
  }
  if (asked_)
    time_.enter({State::Busy}, now);
  else if (free_tags_.size() == under_way_.size())
    time_.enter({State::Idle}, now);
  else
    time_.enter({State::Blocked, stuck_ ? FetchWait::Output : FetchWait::Memory}, now);
}

bool PriorityFetchUnit::give_on(Cycle now) {
  stuck_ = false;
  if (!in_responses_.can_pop(now)) return false;
  const std::uint32_t tag = in_responses_.front(now).tag;
  const FetchRequest& request = under_way_[tag];
  Channel<Arrival>& way = way_of(request);
  if (!way.can_push(now)) {
    stuck_ = true;
    return false;
  }
  in_responses_.pop(now);
  way.push(now, request.arrival);
  if (timeline() != nullptr) [[unlikely]]
    timeline()->span(name(), name_of(request.tensor), request.asked_at, now);
  (request.write ? written_bytes_ : read_bytes_)[static_cast<std::size_t>(request.tensor)] +=
      request.bytes;
  free_tags_.push_back(tag);
  return true;
}

bool PriorityFetchUnit::ask(Cycle now, Channel<FetchRequest>& from) {
  if (free_tags_.empty() || !from.can_pop(now) || !out_requests_.can_push(now)) return false;
  const std::uint32_t tag = free_tags_.back();
  free_tags_.pop_back();
  FetchRequest& request = under_way_[tag];
  request = from.pop(now);
  request.asked_at = now;
  HDP_CHECK(request.bytes <= config_.request_bytes, "a request is no longer than it may be");
  out_requests_.push(now, {request.address, request.bytes, tag, request.write});
  ++(&from == &in_urgent_ ? urgent_ : stream_);
  return true;
}

Cycle PriorityFetchUnit::next_event(Cycle now) const { return asked_ ? now + Cycles{1} : kNever; }

std::string PriorityFetchUnit::describe_wait() const {
  if (stuck_) return "arrivals not taken";
  return free_tags_.size() == under_way_.size() ? "" : "transfers not completed";
}

}  // namespace hdp
