// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdp/kernel/engine.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp::test {

inline constexpr Cycles kPipeline = PeArrayConfig{}.pipeline();

/// A PE array alone. All outer ends are driven by hand between runs.
struct PeBench {
  explicit PeBench(std::size_t output_slots = 64) : output_slots_(output_slots) {
    engine.add(array);
  }

  /// Runs so that `now` is the next cycle.
  void run_to(Cycle now) { engine.run_for(now - engine.now()); }
  void close() { engine.close_all(); }
  [[nodiscard]] Cycles blocked(PeWait reason) const { return array.time().blocked(reason); }

 private:
  std::size_t output_slots_;

 public:
  Channel<PeJob> jobs{64};
  Wire<PeWait> wait{PeWait::Nothing};
  Channel<EngineTile> tiles{output_slots_, kPipeline};
  Channel<StreamJob> scores{output_slots_, kPipeline};
  Channel<PeDone> done{output_slots_, kPipeline};
  PeArray array{"pe", {jobs, wait, tiles, scores, done}};
  Engine engine;
};

}  // namespace hdp::test
