// SPDX-License-Identifier: Apache-2.0
// Any machine on any small problem: it ends, it accounts for everything, and skipping idle cycles
// changes nothing.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/arbitrary.hpp"
#include "machine/traces.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

RC_GTEST_PROP(MachineProperty, SkippingEqualsVisitingAndNothingDeadlocks, ()) {
  const MachineCase c = arbitrary_case();
  const Played skipped = play(c.config, c.shape, c.plans);
  const Played visited = play(c.config, c.shape, c.plans, {IdleCycles::Visit, {}});
  RC_ASSERT(accounts(skipped) == accounts(visited));
  RC_ASSERT(skipped.read == visited.read);
  RC_ASSERT(skipped.written == visited.written);
}

RC_GTEST_PROP(MachineProperty, DenseAttentionOnTheSameMachine, ()) {
  const MachineCase c = arbitrary_case();
  RC_ASSERT(accounts(play_dense(c.config, c.shape, c.problem)) ==
            accounts(play_dense(c.config, c.shape, c.problem, {IdleCycles::Visit, {}})));
}

RC_GTEST_PROP(MachineProperty, TheArrayIsBusyForTheSumOfItsWork, ()) {
  const MachineCase c = arbitrary_case();
  const Layout layout = make_layout(c.config, c.shape, c.problem, format_of(c.config));
  const std::vector<SliceWork> works = works_of(c.config, layout, c.plans, c.problem);
  std::int64_t busy = 0;
  for (const SliceWork& work : works) {
    for (const StripWork& strip : work.strips) busy += strip.tiles * strip.tile_cycles;
    for (const auto* jobs : {&work.fractions, &work.values})
      for (const KeptJob& job : *jobs) busy += std::max<std::int64_t>(1, job.compute);
  }
  std::int64_t played = 0;
  for (const UnitReport& unit : play_works(c.config, works).units)
    if (unit.kind == "pe_array") played += unit.busy;
  RC_ASSERT(played == busy);
}

RC_GTEST_PROP(MachineProperty, WholeRunsOnRandomTraces, ()) {
  const std::int64_t d = in_range(1, 24);
  HdpConfig config = arbitrary_machine(d);
  config.prune.rho = static_cast<double>(in_range(-99, 100)) / 100;
  config.prune.tau = static_cast<double>(in_range(-10, 40)) / 10;
  const bool decode = coin(), causal = decode || coin();
  const std::int64_t kv_heads = in_range(1, 3), queries = in_range(1, decode ? 5 : 20);
  const std::int64_t keys = in_range(causal ? queries : 1, 40);
  const LayerShape shape{kv_heads * in_range(1, 3), kv_heads, queries, keys, d};
  const Trace trace = random_trace(shape, decode ? Stage::Decode : Stage::Prefill, causal,
                                   static_cast<unsigned>(in_range(0, 1000)), in_range(1, 3));
  const HdpResult one = run_hdp(config, trace, {.threads = 1});
  const HdpResult two = run_hdp(config, trace, {.threads = 2, .idle_cycles = IdleCycles::Visit});
  RC_ASSERT(one.cycles == two.cycles);
  RC_ASSERT(one.read_bytes == two.read_bytes);
  RC_ASSERT(one.totals.macs == two.totals.macs);
  const auto product = [&](Phase phase) {
    return one.totals.macs[static_cast<std::size_t>(phase)];
  };
  RC_ASSERT(product(Phase::Score) == 0);
  if (one.decisions.heads_pruned != 0) return;  // kept_entries counts those of pruned heads, too
  const std::int64_t kept = one.decisions.kept_entries * d;
  const std::int64_t products = config.prune.fraction_bits == 0 ? 0
                                : config.prune.approximation    ? 2
                                                                : 3;
  RC_ASSERT(product(Phase::Fraction) == products * kept);
  if (config.prune.masked == Masked::Exclude) RC_ASSERT(product(Phase::Value) == kept);
}

}  // namespace
}  // namespace hdp::test
