// SPDX-License-Identifier: Apache-2.0
#include <iterator>
#include <map>

#include <fmt/format.h>

#include <hdp/report/trace_events.hpp>

namespace hdp {

struct TraceEvents::State {
  double us_per_cycle = 0;
  std::int64_t room = 0;
  std::int64_t left_out = 0;
  std::map<std::string, int, std::less<>> tracks;
  fmt::memory_buffer events;

  int track(std::string_view name) {
    const auto found = tracks.find(name);
    if (found != tracks.end()) return found->second;
    const int id = static_cast<int>(tracks.size()) + 1;
    tracks.emplace(name, id);
    fmt::format_to(
        std::back_inserter(events),
        "{{\"ph\":\"M\",\"pid\":1,\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\""
        ":\"{}\"}}}},\n",
        id, name);
    return id;
  }
  bool full() {
    if (room > 0) return --room, false;
    ++left_out;
    return true;
  }
  [[nodiscard]] double us(Cycle at) const { return static_cast<double>(at.index) * us_per_cycle; }
};

TraceEvents::TraceEvents(std::int64_t clock_mhz, std::int64_t most_events)
    : state_(std::make_unique<State>()) {
  state_->us_per_cycle = 1.0 / static_cast<double>(clock_mhz);
  state_->room = most_events;
}

TraceEvents::~TraceEvents() = default;

void TraceEvents::span(std::string_view track, std::string_view name, Cycle start, Cycle end) {
  if (state_->full()) return;
  const int id = state_->track(track);
  fmt::format_to(
      std::back_inserter(state_->events),
      "{{\"ph\":\"X\",\"pid\":1,\"tid\":{},\"name\":\"{}\",\"ts\":{:.4f},\"dur\":{:.4f}}},"
      "\n",
      id, name, state_->us(start), state_->us(end) - state_->us(start));
}

void TraceEvents::instant(std::string_view track, std::string_view name, Cycle at) {
  if (state_->full()) return;
  const int id = state_->track(track);
  fmt::format_to(
      std::back_inserter(state_->events),
      "{{\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":{},\"name\":\"{}\",\"ts\":{:.4f}}},\n", id,
      name, state_->us(at));
}

std::string TraceEvents::text() {
  return fmt::format(
      "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"events_left_out\":{}}},\"traceEvents\":[\n{}"
      "{{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{{\"name\":\"hdpsim\"}}}}]}}\n",
      state_->left_out, fmt::to_string(state_->events));
}

}  // namespace hdp
