// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <hdp/report/trace_events.hpp>

namespace hdp {

namespace {

/// Times are multiples of 2^-16 us: exact doubles, whose sums are exact, so that a span ends where
/// the next begins for every reader, also one that cuts both to whole nanoseconds.
constexpr std::int64_t kTicksPerUs = 1 << 16;

double us(std::int64_t ticks) {
  return static_cast<double>(ticks) / static_cast<double>(kTicksPerUs);
}

using Output = std::back_insert_iterator<fmt::memory_buffer>;

void name_track(Output out, int id, std::string_view name) {
  fmt::format_to(out,
                 "{{\"ph\":\"M\",\"pid\":1,\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\""
                 ":\"{}\"}}}},\n",
                 id, name);
}

}  // namespace

struct TraceEvents::State {
  /// Spans of a track that overlap lie side by side: each row of it holds disjoint ones.
  struct Row {
    int id;
    std::int64_t end;  ///< Of its last span, in ticks.
  };

  std::int64_t clock_mhz = 0;
  std::int64_t room = 0;
  std::int64_t left_out = 0;
  int rows = 0;
  std::map<std::string, std::vector<Row>, std::less<>> tracks;
  fmt::memory_buffer events;

  [[nodiscard]] Output out() { return Output(events); }
  [[nodiscard]] std::int64_t ticks(Cycle at) const {
    return (at.index * kTicksPerUs + clock_mhz - 1) / clock_mhz;
  }

  Row& add_row(std::string_view name, std::vector<Row>& track) {
    track.push_back({++rows, 0});
    name_track(out(), rows, name);
    return track.back();
  }
  std::vector<Row>& track(std::string_view name) {
    const auto found = tracks.find(name);
    if (found != tracks.end()) return found->second;
    std::vector<Row>& track = tracks[std::string(name)];
    add_row(name, track);
    return track;
  }
  /// The first row of the track that is free from `start` on.
  Row& free_row(std::string_view name, std::int64_t start) {
    std::vector<Row>& all = track(name);
    const auto free =
        std::ranges::find_if(all, [start](const Row& row) { return row.end <= start; });
    return free != all.end() ? *free : add_row(name, all);
  }
  bool full() {
    if (room > 0) return --room, false;
    ++left_out;
    return true;
  }
  /// Keeps the rows of a track together.
  void sort_rows() {
    if (static_cast<std::size_t>(rows) == tracks.size()) return;
    int place = 0;
    for (const auto& [name, track] : tracks)
      for (const Row& row : track)
        fmt::format_to(
            out(),
            "{{\"ph\":\"M\",\"pid\":1,\"tid\":{},\"name\":\"thread_sort_index\",\"args\":{{"
            "\"sort_index\":{}}}}},\n",
            row.id, ++place);
  }
};

TraceEvents::TraceEvents(std::int64_t clock_mhz, std::int64_t most_events)
    : state_(std::make_unique<State>()) {
  state_->clock_mhz = clock_mhz;
  state_->room = most_events;
}

TraceEvents::~TraceEvents() = default;

void TraceEvents::span(std::string_view track, std::string_view name, Cycle start, Cycle end) {
  if (state_->full()) return;
  const std::int64_t from = state_->ticks(start), to = state_->ticks(end);
  State::Row& row = state_->free_row(track, from);
  row.end = to;
  fmt::format_to(state_->out(),
                 "{{\"ph\":\"X\",\"pid\":1,\"tid\":{},\"name\":\"{}\",\"ts\":{},\"dur\":{}}},\n",
                 row.id, name, us(from), us(to - from));
}

void TraceEvents::instant(std::string_view track, std::string_view name, Cycle at) {
  if (state_->full()) return;
  const int id = state_->track(track).front().id;
  fmt::format_to(state_->out(),
                 "{{\"ph\":\"i\",\"s\":\"t\",\"pid\":1,\"tid\":{},\"name\":\"{}\",\"ts\":{}}},\n",
                 id, name, us(state_->ticks(at)));
}

std::string TraceEvents::text() {
  state_->sort_rows();
  return fmt::format(
      "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"events_left_out\":{}}},\"traceEvents\":[\n{}"
      "{{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{{\"name\":\"hdpsim\"}}}}]}}\n",
      state_->left_out, fmt::to_string(state_->events));
}

}  // namespace hdp
