// SPDX-License-Identifier: Apache-2.0
// The output error by its causes: every step is a run of its own, and the last one is this run.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "machine/traces.hpp"
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/machine/spatten/kind.hpp>

namespace hdp::test {
namespace {

using Names = std::vector<std::string>;

Trace trace_of(Stage stage) {
  return random_trace({4, 2, stage == Stage::Decode ? 3 : 20, 24, 16}, stage, true, 5, 2, 2);
}

Names names_of(const Fidelity& fidelity) {
  Names names;
  for (const ErrorCause& cause : fidelity.causes) names.push_back(cause.name);
  return names;
}

double relative_error(const ErrorMeasure& error) { return error.relative_frobenius().value(); }

HdpResult split(const HdpConfig& config, const Trace& trace) {
  return run_hdp(config, trace, {.fidelity = true, .causes = true, .threads = 2});
}

TEST(ErrorCausesTest, EveryStepIsTheErrorOfARunWithItAlone) {
  for (const Stage stage : {Stage::Prefill, Stage::Decode}) {
    const Trace trace = trace_of(stage);
    HdpConfig config;
    config.prune.importance = Importance::Signed;
    config.prune.tau = 1;
    const HdpResult run = split(config, trace);
    ASSERT_EQ(names_of(run.fidelity), (Names{"quantisation", "approximation", "pruning"}));
    HdpConfig approximate = config;
    approximate.prune.rho = kNoBlock;
    approximate.prune.tau = kNoHead;
    EXPECT_EQ(relative_error(run.fidelity.causes[0].error),
              relative_error(run_hdp(without_pruning(config), trace).fidelity.error));
    EXPECT_EQ(relative_error(run.fidelity.causes[1].error),
              relative_error(run_hdp(approximate, trace).fidelity.error));
    EXPECT_EQ(relative_error(run.fidelity.causes[2].error), relative_error(run.fidelity.error));
    EXPECT_LT(relative_error(run.fidelity.causes[0].error),
              relative_error(run.fidelity.causes[1].error));
    EXPECT_LT(relative_error(run.fidelity.causes[1].error),
              relative_error(run.fidelity.causes[2].error));
    EXPECT_EQ(relative_error(run.fidelity.error),
              relative_error(run_hdp(config, trace).fidelity.error));
    ASSERT_EQ(run.layers.size(), 2U);
    for (const Fidelity& layer : run.layers)
      EXPECT_EQ(relative_error(layer.causes[2].error), relative_error(layer.error));
  }
}

TEST(ErrorCausesTest, StepsThatTheMachineDoesNotHaveAreLeftOut) {
  const Trace trace = trace_of(Stage::Prefill);
  HdpConfig config;
  EXPECT_EQ(names_of(split(without_pruning(config), trace).fidelity), (Names{"quantisation"}));
  config.prune.approximation = false;
  EXPECT_EQ(names_of(split(config, trace).fidelity), (Names{"quantisation", "pruning"}));
  config.cascade.token.keep = config.cascade.head.keep = "0.5";
  const HdpResult run = split(config, trace);
  EXPECT_EQ(names_of(run.fidelity), (Names{"quantisation", "pruning", "cascade"}));
  config.cascade.token = config.cascade.head = keep_all();
  EXPECT_EQ(relative_error(run.fidelity.causes[1].error),
            relative_error(run_hdp(config, trace).fidelity.error));
  EXPECT_TRUE(run_hdp(config, trace).fidelity.causes.empty());
}

TEST(ErrorCausesTest, SpattenHasStepsOfItsOwn) {
  const Trace trace = trace_of(Stage::Decode);
  const PlayOptions options{.fidelity = true, .causes = true};
  SpattenConfig config;
  const RunResult run = play(*make_machine(config), Workload(trace), options);
  EXPECT_EQ(names_of(run.fidelity), (Names{"quantisation", "progressive", "pruning"}));
  config.prune.token = config.prune.head = keep_all();
  config.prune.value_keep = 1;
  EXPECT_EQ(relative_error(run.fidelity.causes[1].error),
            relative_error(play(*make_machine(config), Workload(trace)).fidelity.error));
  config.prune.progressive = false;
  EXPECT_EQ(relative_error(run.fidelity.causes[0].error),
            relative_error(play(*make_machine(config), Workload(trace)).fidelity.error));
  EXPECT_EQ(relative_error(run.fidelity.causes[2].error), relative_error(run.fidelity.error));
  EXPECT_EQ(names_of(run.layers[0]), (Names{"quantisation", "progressive", "pruning"}));
}

}  // namespace
}  // namespace hdp::test
