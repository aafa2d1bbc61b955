// SPDX-License-Identifier: Apache-2.0
// What the kinds say of their knobs.
#include <charconv>
#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "machine/small_trace.hpp"
#include "support/catalog.hpp"
#include <hdp/machine/kind.hpp>
#include <hdp/machine/knob.hpp>
#include <hdp/study/measures.hpp>

namespace hdp::test {
namespace {

struct KnobCase {
  std::string machine;
  std::vector<std::string> changes{};
};

/// Each knob of each kind, on and as its stage may stand.
std::vector<KnobCase> knob_cases() {
  return {{"hdp_edge"},
          {"hdp_edge", {"prune.rule=top_k", "prune.tau=2", "prune.importance=signed"}},
          {"hdp_edge", {"prune.split=floor", "prune.probability={}"}},
          {"hdp_edge", {"cascade.token.keep=linear", "cascade.head.keep=0.7"}},
          {"spatten"},
          {"spatten", {"prune.token.keep=0.6", "prune.head.keep=1"}},
          {"token_picker"},
          {"token_picker", {"prune.value_pruning=false"}},
          {"leopard_ae"},
          {"leopard_hp", {"prune.threshold=[3]"}}};
}

std::unique_ptr<Machine> with(const Machine& machine, const std::vector<std::string>& changes) {
  return machine.kind().read(kCatalog, {{{machine.name(), machine.text()}}}, changes);
}

TEST(KnobTest, AStepIsTheDecimalNumberThatItIsWrittenAs) {
  const KnobScale scale = magnitudes(-3, 9);
  EXPECT_EQ(scale.value(0), 0);
  EXPECT_EQ(scale.value(1), 1e-3);
  EXPECT_EQ(scale.value(2), 1.0001e-3);
  EXPECT_EQ(scale.value(90'000), 9.9999e-3);
  EXPECT_EQ(scale.value(90'001), 1e-2);
  EXPECT_EQ(scale.value(-1), -1e-3);
  EXPECT_EQ(scale.value(3 * 90'000 + 1), 1);
  EXPECT_EQ(scale.value(scale.last), 9.9999e8);
  EXPECT_EQ(shares().value(1), 0.0001);
  EXPECT_EQ(shares().value(shares().last), 1);
  double last = -1;
  for (std::int64_t step = 0; step <= scale.last; step += 997) {
    const double value = scale.value(step);
    EXPECT_GT(value, last);
    last = value;
  }
}

TEST(KnobTest, AValueIsWrittenAsTheSettingTakesIt) {
  const Knob number{.parts = {{.path = "a"}, {.path = "b", .at_zero = 0.5, .slope = 0.5}},
                    .scale = shares()};
  EXPECT_EQ(number.changes(5'000), (std::vector<std::string>{"a=0.5", "b=0.75"}));
  Knob list{.parts = {{.path = "a"}}, .scale = shares(), .form = KnobForm::List};
  const std::vector<std::int64_t> steps{10'000, 2'500};
  EXPECT_EQ(list.changes(2'500), std::vector<std::string>{"a=[0.25]"});
  EXPECT_EQ(list.changes(steps), std::vector<std::string>{"a=[1, 0.25]"});
  list.form = KnobForm::Shares;
  EXPECT_EQ(list.changes(2'500), std::vector<std::string>{"a=0.25"});
  EXPECT_EQ(list.changes(steps), std::vector<std::string>{"a=1, 0.25"});
}

TEST(KnobTest, KindsThatPruneByDegreesHaveKnobsAndOthersSayNothing) {
  for (const char* name : {"dense", "sta", "spatten_rtl_artifact", "leopard_base"}) {
    const Knobs knobs = resolve_machine(kCatalog, name)->knobs();
    EXPECT_TRUE(knobs.one.empty() && knobs.by_layer.empty()) << name;
  }
  EXPECT_TRUE(
      resolve_machine(kCatalog, "token_picker", {"prune.estimation=false"})->knobs().one.empty());
  std::set<std::string> paths;
  for (const KnobCase& c : knob_cases()) {
    const auto machine = resolve_machine(kCatalog, c.machine, c.changes);
    const Knobs knobs = machine->knobs();
    EXPECT_FALSE(knobs.one.empty()) << c.machine;
    for (const auto& list : {knobs.one, knobs.by_layer})
      for (const Knob& knob : list)
        for (const KnobMove& move : knob.moves)
          EXPECT_NE(std::ranges::find(kMeasures, move.key), kMeasures.end()) << move.key;
    for (const Knob& knob : knobs.one) paths.insert(knob.parts.back().path);
    for (const Knob& knob : knobs.by_layer) {
      EXPECT_NE(knob.form, KnobForm::Number);
      paths.insert(knob.parts.back().path + " by layer");
    }
  }
  EXPECT_EQ(paths, (std::set<std::string>{
                       "cascade.head.keep", "cascade.head.keep by layer", "cascade.token.last",
                       "cascade.token.keep by layer", "prune.calibrate", "prune.head.keep",
                       "prune.head.keep by layer", "prune.head.last", "prune.keep",
                       "prune.probability.threshold", "prune.rho", "prune.tau", "prune.threshold",
                       "prune.threshold by layer", "prune.token.keep", "prune.token.keep by layer",
                       "prune.token.last", "prune.value_keep"}));
}

/// Over the whole scale: legal, in the direction that is said, and monotone where it is said.
TEST(KnobTest, MeasuresFollowTheKnobs) {
  constexpr std::int64_t kPlaces = 12;
  for (const KnobCase& c : knob_cases()) {
    const auto machine = resolve_machine(kCatalog, c.machine, c.changes);
    for (const Stage stage : {Stage::Prefill, Stage::Decode}) {
      const Workload workload = small_trace(stage);
      const Knobs knobs = machine->knobs();
      const auto quick = with(*machine, knobs.sooner);
      for (const Knob& knob : knobs.one) {
        SCOPED_TRACE(c.machine + " " + knob.parts.back().path);
        std::vector<RunResult> runs;
        const std::int64_t width = knob.scale.last - knob.scale.first;
        for (std::int64_t i = 0; i <= kPlaces; ++i)
          runs.push_back(
              play(*with(*quick, knob.changes(knob.scale.first + width * i / kPlaces)), workload));
        if (!knob.prunes_upwards) std::ranges::reverse(runs);
        for (const KnobMove& move : knob.moves) {
          const double sign = rises_with_pruning(move.key) ? 1 : -1;
          const auto at = [&](const RunResult& run) { return sign * *measure_of(run, move.key); };
          EXPECT_LE(at(runs.front()), at(runs.back())) << move.key;
          for (std::size_t i = 1; i < runs.size() && move.monotone; ++i)
            EXPECT_LE(at(runs[i - 1]), at(runs[i])) << move.key << " " << i;
        }
      }
    }
  }
}

TEST(KnobTest, WhatIsPlayedSoonerDecidesTheSame) {
  for (const KnobCase& c : knob_cases()) {
    const auto machine = resolve_machine(kCatalog, c.machine, c.changes);
    const Knobs knobs = machine->knobs();
    if (knobs.sooner.empty()) {
      // What arrives when has a say, and the memory decides that.
      EXPECT_TRUE(c.machine == "token_picker" || c.changes.back() == "prune.probability={}");
      continue;
    }
    const Workload workload = small_trace(Stage::Prefill);
    const RunResult quick = play(*with(*machine, knobs.sooner), workload),
                    whole = play(*machine, workload);
    EXPECT_EQ(quick.decisions, whole.decisions) << c.machine;
    EXPECT_EQ(quick.macs, whole.macs) << c.machine;
    EXPECT_NE(quick.cycles, whole.cycles) << c.machine;
  }
}

/// The same share of products with V by every kind's own counts.
TEST(KnobTest, ThePruneRatioIsThatOfTheCounts) {
  const auto ratio = [](const char* name, Stage stage, const auto& of_decisions,
                        const std::vector<std::string>& changes = {}) {
    const RunResult run = play(*resolve_machine(kCatalog, name, changes), small_trace(stage));
    const double want = of_decisions(run.decisions);
    EXPECT_GT(want, 0) << name;
    EXPECT_NEAR(*measure_of(run, "prune_ratio"), want, 1e-12) << name;
  };
  const auto number = [](const Facts& facts, const char* key) {
    return facts.find(key)->number().value();
  };
  for (const Stage stage : {Stage::Prefill, Stage::Decode}) {
    ratio("leopard_ae", stage, [&](const Facts& facts) {
      return 1 - number(facts, "survivors") / number(facts, "pairs");
    });
    ratio("token_picker", stage, [&](const Facts& facts) {
      return 1 - number(facts, "value_rows_fetched") / number(facts, "tokens");
    });
    // Layers of one shape: their mean.
    const auto mean = [&](const Facts& facts) {
      const auto& layers = *facts.find("layers")->as<Fact::List>();
      double sum = 0;
      for (const Fact& layer : layers) sum += number(*layer.as<Facts>(), "prune_ratio");
      return sum / static_cast<double>(layers.size());
    };
    ratio("spatten", stage, mean, {"prune.token.start=0"});
    ratio("leopard_hp", stage, mean);
  }
  const RunResult dense = play(*resolve_machine(kCatalog, "dense"), small_trace(Stage::Prefill));
  EXPECT_EQ(measure_of(dense, "prune_ratio"), 0.0);
  EXPECT_FALSE(measure_of(dense, "block_sparsity"));
}

}  // namespace
}  // namespace hdp::test
