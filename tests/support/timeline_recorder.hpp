// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <hdp/kernel/timeline.hpp>

namespace hdp::test {

/// Writes down "track name start-end" for each span.
struct TimelineRecorder final : TimelineSink {
  void span(std::string_view track, std::string_view name, Cycle start, Cycle end) override {
    lines.push_back(std::string(track) + " " + std::string(name) + " " +
                    std::to_string(start.index) + "-" + std::to_string(end.index));
  }
  void instant(std::string_view track, std::string_view name, Cycle at) override {
    lines.push_back(std::string(track) + " " + std::string(name) + " " + std::to_string(at.index));
  }
  std::vector<std::string> lines;
};

}  // namespace hdp::test
