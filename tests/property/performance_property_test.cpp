// SPDX-License-Identifier: Apache-2.0
// On any machine: no share above 1, and a critical path that is as long as the run.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/arbitrary.hpp"
#include "machine/traces.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/performance.hpp>
#include <hdp/machine/spatten/kind.hpp>
#include <hdp/machine/spatten_rtl/kind.hpp>
#include <hdp/workload/spatten_generator.hpp>

namespace hdp::test {
namespace {

void expect_sound(const Machine& machine, const Workload& workload) {
  RunResult run;
  try {
    run = play(machine, workload, {.fidelity = false});
  } catch (const UserError&) {
    RC_DISCARD("the machine does not hold it");
  }
  const Performance figures = performance_of(run);
  for (const double share : {figures.mac_utilisation, figures.bandwidth_share, figures.roof_share,
                             run.utilisation(), run.limiter.share}) {
    RC_ASSERT(share >= 0);
    RC_ASSERT(share <= 1);
  }
  RC_ASSERT(figures.mac_utilisation > 0);
  RC_ASSERT(figures.mac_utilisation <= run.utilisation() + 1e-9);
  RC_ASSERT(!run.limiter.name.empty());
  if (run.critical_path.empty()) return;
  std::int64_t path = 0;
  for (const CriticalTime& time : run.critical_path) path += time.cycles();
  RC_ASSERT(run.cycles - path >= 0);
  RC_ASSERT(run.cycles - path <= 1);
}

void draw_memory(MemoryConfig& memory) {
  if (coin()) return;
  memory.model = std::string(kInlineDram);
  memory.dram.controller = coin() ? DramController::FrfcfsSharedQueue : DramController::BankQueues;
}

SpattenWorkload arbitrary_rows() {
  SpattenGeneratorConfig rows;
  rows.layers = in_range(1, 3);
  rows.heads = in_range(1, 5);
  rows.prompt = in_range(8, 90);
  rows.generated = in_range(1, 3);
  rows.keep = coin() ? "1" : "0.5";
  rows.value_keep = coin() ? "1" : "0.4";
  rows.requantise_share = coin() ? "0" : "0.5";
  rows.requantise_threshold = 0.1;
  rows.seed = in_range(0, 1000);
  return make_spatten_workload(rows);
}

RC_GTEST_PROP(PerformanceProperty, OfHdp, ()) {
  const bool decode = coin();
  const std::int64_t keys = in_range(4, 40), queries = decode ? in_range(1, 4) : keys;
  const std::int64_t shared = in_range(1, 3), groups = in_range(1, 4);
  const LayerShape shape{shared * groups, groups, queries, keys, in_range(1, 40)};
  HdpConfig config = arbitrary_machine(shape.d);
  config.pruning = coin();
  draw_memory(config.memory);
  const Trace trace = random_trace(shape, decode ? Stage::Decode : Stage::Prefill, coin(),
                                   static_cast<unsigned>(in_range(0, 1000)), in_range(1, 3));
  expect_sound(*make_machine(config), Workload(trace));
}

RC_GTEST_PROP(PerformanceProperty, OfSpatten, ()) {
  SpattenConfig config;
  config.multipliers = in_range(1, 400);
  config.softmax = {in_range(1, 20), in_range(1, 90)};
  config.heads_in_flight = in_range(1, 9);
  config.score_rows = in_range(1, 9);
  config.layer_barrier = coin();
  config.memory.bandwidth_mb_per_s = in_range(100, 60'000);
  draw_memory(config.memory);
  expect_sound(*make_machine(config), Workload(arbitrary_rows()));
}

RC_GTEST_PROP(PerformanceProperty, OfTheRtl, ()) {
  SpattenRtlConfig config;
  config.multipliers = std::int64_t{64} << in_range(0, 4);
  config.bandwidth_downsample = std::int64_t{1} << in_range(0, 5);
  expect_sound(*make_machine(config), Workload(arbitrary_rows()));
}

}  // namespace
}  // namespace hdp::test
