// SPDX-License-Identifier: Apache-2.0
#include "study/timed_play.hpp"

#include <memory>

#include <fmt/format.h>

#include <hdp/study/stopwatch.hpp>

namespace hdp {

RunResult timed_play(const Machine& machine, const Workload& workload, const PlayOptions& options,
                     std::string_view role) {
  const auto name = [&] {
    return fmt::format("{}{} on {}", role, machine.name(), workload.name());
  };
  const Stopwatch starting;
  const std::unique_ptr<Session> session = machine.start(workload, options);
  options.log.debug(
      [&] { return fmt::format("{}: started in {:.3f} s", name(), starting.seconds()); });
  const Stopwatch playing;
  session->run_until(kNever);
  RunResult result = session->result();
  options.log.debug([&] {
    return fmt::format("{}: {} cycles played in {:.3f} s", name(), result.cycles,
                       playing.seconds());
  });
  return result;
}

}  // namespace hdp
