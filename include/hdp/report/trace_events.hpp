// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <hdp/kernel/timeline.hpp>

namespace hdp {

/// A timeline as trace-event JSON, which opens in Perfetto: a track a unit, and further ones of the
/// same name for what overlaps, so that the spans of a track are disjoint; time in microseconds of
/// the core clock, rounded up to 2^-16. Holds at most `most_events`; what comes later is counted
/// and left out.
class TraceEvents final : public TimelineSink {
 public:
  explicit TraceEvents(std::int64_t clock_mhz, std::int64_t most_events = 2'000'000);
  TraceEvents(const TraceEvents&) = delete;
  TraceEvents& operator=(const TraceEvents&) = delete;
  ~TraceEvents() override;

  void span(std::string_view track, std::string_view name, Cycle start, Cycle end) override;
  void instant(std::string_view track, std::string_view name, Cycle at) override;
  /// The whole file; the sink is used up.
  [[nodiscard]] std::string text();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp
