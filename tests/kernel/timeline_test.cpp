// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/kernel/engine.hpp>
#include <hdp/kernel/timeline.hpp>

namespace hdp {
namespace {

struct Recorder final : TimelineSink {
  void span(std::string_view track, std::string_view name, Cycle start, Cycle end) override {
    lines.push_back(std::string(track) + " " + std::string(name) + " " +
                    std::to_string(start.index) + "-" + std::to_string(end.index));
  }
  void instant(std::string_view track, std::string_view name, Cycle at) override {
    lines.push_back(std::string(track) + " " + std::string(name) + " " + std::to_string(at.index));
  }
  std::vector<std::string> lines;
};

struct Painter final : Component {
  Painter() : Component("painter") {}
  void tick(Cycle now) override {
    if (TimelineSink* sink = timeline()) {
      sink->span(name(), "stroke", now, now + Cycles{4});
      sink->instant(name(), "dab", now);
    }
  }
  Cycle next_event(Cycle now) const override { return now + Cycles{5}; }
};

TEST(TimelineTest, AComponentDrawsOnlyWhereASinkIsSet) {
  Painter painter;
  Recorder recorder;
  Engine engine;
  engine.add(painter);
  engine.run_for(Cycles{5});
  painter.set_timeline(&recorder);
  engine.run_for(Cycles{5});
  painter.set_timeline(nullptr);
  engine.run_for(Cycles{5});
  EXPECT_EQ(recorder.lines, (std::vector<std::string>{"painter stroke 5-9", "painter dab 5"}));
}

}  // namespace
}  // namespace hdp
