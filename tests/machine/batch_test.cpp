// SPDX-License-Identifier: Apache-2.0
// Sequences side by side, on every machine that takes a batch.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "machine/traces.hpp"
#include "support/catalog.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp::test {
namespace {

using Changes = std::vector<std::string>;

struct Case {
  const char* machine;
  Changes changes;
};

/// One core, or one set of arrays: what side by side costs is not hidden by idle ones.
std::vector<Case> cases() {
  return {{"hdp_edge", {"cores=1"}},
          {"hdp_edge", {"cores=1", "scheduling.slice_heads=1", "core.contexts=2"}},
          {"hdp_edge", {"cores=1", "cascade.token.keep=linear", "cascade.head.keep=linear"}},
          {"hdp_edge", {"cores=1", "prune.split=floor", "prune.probability={}"}},
          {"dense", {"cores=1"}},
          {"token_picker",
           {"lane.lanes=1", "prune.issue=in_order", "prune.threshold=0.02", "memory.model=ideal"}},
          {"leopard_ae", {"dot_product.units=1", "memory.model=ideal"}},
          {"sta", {"memory.model=ideal", "array.rows=4", "layer.weight_buffer_bytes=2000"}},
          {"spatten", {}},
          {"spatten_eighth", {"slice_heads=1", "layer_barrier=true"}}};
}

Trace sequence(Stage stage, std::int64_t rows, std::int64_t keys, unsigned seed) {
  return random_trace({4, 2, rows, keys, 16}, stage, true, seed, 2);
}

/// Without what says which workload it was.
std::string report_of(const RunResult& run) {
  Fact report = parse_facts(report_json({.run = run}, true), "report");
  Facts facts = *report.as<Facts>();
  facts.erase("workload");
  return facts_text(facts);
}

RunResult run(const Case& c, const Workload& workload, const PlayOptions& options = {}) {
  return play(*resolve_machine(kCatalog, c.machine, c.changes), workload, options);
}

Workload batch(std::vector<Trace> sequences) {
  return Workload(make_batch("b", std::move(sequences)));
}

std::int64_t number(const Facts& facts, std::string_view name) {
  return *facts.find(name)->as<std::int64_t>();
}

TEST(BatchRunTest, ABatchOfOneIsTheTraceAlone) {
  for (const Case& c : cases())
    for (const Stage stage : {Stage::Prefill, Stage::Decode}) {
      SCOPED_TRACE(c.machine);
      const Trace trace = sequence(stage, 3, 9, 5);
      EXPECT_EQ(report_of(run(c, batch({trace}))), report_of(run(c, Workload(trace))));
    }
}

TEST(BatchRunTest, TwoCopiesTakeTwiceTheBytesAndAtMostTwiceTheCycles) {
  for (const Case& c : cases())
    for (const Stage stage : {Stage::Prefill, Stage::Decode}) {
      SCOPED_TRACE(c.machine);
      const Trace trace = sequence(stage, 3, 40, 5);
      const RunResult one = run(c, Workload(trace)), two = run(c, batch({trace, trace}));
      EXPECT_EQ(two.memory.total_read_bytes(), 2 * one.memory.total_read_bytes());
      EXPECT_EQ(two.memory.total_written_bytes(), 2 * one.memory.total_written_bytes());
      EXPECT_LE(two.cycles, 2 * one.cycles);
      EXPECT_GT(two.cycles, one.cycles);
      EXPECT_EQ(two.dense_macs, 2 * one.dense_macs);
      EXPECT_DOUBLE_EQ(two.fidelity.error.relative_frobenius().value(),
                       one.fidelity.error.relative_frobenius().value());
      EXPECT_DOUBLE_EQ(two.fidelity.mass_kept(), one.fidelity.mass_kept());
      ASSERT_EQ(two.layers.size(), one.layers.size());
      EXPECT_EQ(two.phases.size(), 2 * one.phases.size());
    }
}

TEST(BatchRunTest, SequencesOfOtherLengthsDoWhatEachDoesAlone) {
  const std::vector<Trace> traces{sequence(Stage::Decode, 5, 20, 1),
                                  sequence(Stage::Decode, 2, 60, 2),
                                  sequence(Stage::Decode, 3, 3, 3)};
  for (Case c : cases()) {
    SCOPED_TRACE(c.machine);
    c.changes.emplace_back("memory.model=ideal");  // no row of DRAM that another sequence closes
    if (std::string(c.machine) == "hdp_edge")
      c.changes.emplace_back("prune.fraction_bits=10");  // the format that all share
    const RunResult together = run(c, batch(traces));
    std::int64_t read = 0, written = 0, cycles = 0;
    std::size_t phases = 0;
    for (const Trace& trace : traces) {
      const RunResult alone = run(c, Workload(trace));
      read += alone.memory.total_read_bytes();
      written += alone.memory.total_written_bytes();
      cycles += alone.cycles;
      phases += alone.phases.size();
    }
    EXPECT_EQ(together.memory.total_read_bytes(), read);
    EXPECT_EQ(together.memory.total_written_bytes(), written);
    EXPECT_LE(together.cycles, cycles);
    EXPECT_EQ(together.phases.size(), phases);
  }
}

TEST(BatchRunTest, StepsOfAllSequencesAreInterleaved) {
  const Trace trace = sequence(Stage::Decode, 3, 12, 4);
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.machine);
    const RunResult result = run(c, batch({trace, trace, trace}));
    using Place = std::pair<std::int64_t, std::int64_t>;            // step and layer
    std::map<Place, std::pair<std::int64_t, std::int64_t>> starts;  // first and last of the heads
    for (const PhaseSpan& phase : result.phases) {
      if (phase.name != (std::string(c.machine) == "hdp_edge" ? "integer" : "score")) continue;
      const auto [at, fresh] =
          starts.try_emplace({phase.problem, phase.layer}, phase.start, phase.start);
      at->second = {std::min(at->second.first, phase.start),
                    std::max(at->second.second, phase.start)};
    }
    ASSERT_EQ(starts.size(), 6U);
    std::int64_t last = -1;
    for (const auto& [place, span] : starts) {
      EXPECT_GT(span.first, last) << "step " << place.first << " layer " << place.second;
      last = span.second;
    }
  }
}

TEST(BatchRunTest, EveryOrderOfTicksAndNoSkippingGiveTheSameCycles) {
  const Workload workload =
      batch({sequence(Stage::Decode, 2, 20, 1), sequence(Stage::Decode, 3, 9, 2)});
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.machine);
    EXPECT_EQ(report_of(run(c, workload, {.idle_cycles = IdleCycles::Visit})),
              report_of(run(c, workload)));
    EXPECT_EQ(report_of(run(c, workload, {.threads = 3})), report_of(run(c, workload)));
  }
}

TEST(BatchRunTest, SameAndAblationTakeABatch) {
  const Workload workload =
      batch({sequence(Stage::Decode, 2, 20, 1), sequence(Stage::Decode, 2, 9, 2)});
  for (const Case& c : cases()) {
    const auto machine = resolve_machine(kCatalog, c.machine, c.changes);
    const Job same = machine->unpruned(workload);
    EXPECT_EQ(same.workload.sequences().size(), 2U);
    const auto variants = machine->ablation(workload);
    ASSERT_FALSE(variants.empty());
    EXPECT_EQ(play(*variants.front().job.machine, variants.front().job.workload).dense_macs,
              play(*same.machine, same.workload).dense_macs);
  }
}

TEST(BatchRunTest, TheKVCachesOfSequencesLieApart) {
  const HdpConfig config = resolve_hdp(kCatalog, "hdp_edge");
  const std::vector<Trace> traces{sequence(Stage::Decode, 2, 20, 1),
                                  sequence(Stage::Decode, 2, 9, 2)};
  const HdpResult result = run_hdp(config, traces);
  ASSERT_EQ(result.layouts.size(), 4U);
  for (std::size_t l = 1; l < result.layouts.size(); ++l)
    EXPECT_GE(result.layouts[l].q_int, result.layouts[l - 1].end);
}

TEST(BatchRunTest, PrunedCountsAreThoseOfTheSequences) {
  const Trace a = sequence(Stage::Decode, 2, 20, 1), b = sequence(Stage::Decode, 4, 9, 2);
  const Case c{"hdp_edge", {"prune.fraction_bits=10"}};
  const Facts together = run(c, batch({a, b})).decisions;
  const Facts alone_a = run(c, Workload(a)).decisions, alone_b = run(c, Workload(b)).decisions;
  for (const char* count : {"heads_total", "blocks_existing", "blocks_pruned", "kept_entries"})
    EXPECT_EQ(number(together, count), number(alone_a, count) + number(alone_b, count)) << count;
}

TEST(BatchRunTest, AKindThatTakesNoBatchSaysSo) {
  const Workload workload = batch({sequence(Stage::Decode, 2, 9, 1)});
  const auto machine = resolve_machine(kCatalog, "spatten_rtl_artifact");
  EXPECT_EQ(
      error_of([&] { (void)machine->start(workload, {}); }),
      "b: spatten_rtl_artifact (kind spatten_rtl) cannot play this workload; allowed: rows of "
      "the generation format (.csv)");
}

}  // namespace
}  // namespace hdp::test
