// SPDX-License-Identifier: Apache-2.0
// Machines of every kind, turned until they meet a target.
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "support/catalog.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/study/calibrate.hpp>
#include <hdp/study/compare.hpp>
#include <hdp/study/measures.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

using test::kCatalog;

/// Three layers of twelve heads.
Workload trace(Stage stage = Stage::Prefill, std::int64_t seed = 1) {
  SyntheticConfig config;
  config.stage = stage;
  config.n = 24;
  config.n_ctx = 24;
  config.steps = 3;
  config.layers = 3;
  config.heads = 12;
  config.seed = seed;
  return Workload(make_synthetic(config));
}

std::unique_ptr<Machine> machine(const std::string& name,
                                 const std::vector<std::string>& changes = {}) {
  return resolve_machine(kCatalog, name, changes);
}

Calibrated calibrated(const Machine& machine, const Workload& workload,
                      const std::vector<std::string>& targets, bool by_layer = false) {
  return calibrate(machine, workload, read_targets(targets), {.by_layer = by_layer, .threads = 2});
}

/// What a run of the machine's text gives.
double played_again(const Machine& machine, const Workload& workload, const std::string& key) {
  const MachineFile file{{{"calibrated.json", machine.text()}}};
  return *measure_of(play(*kind_of(file).read(kCatalog, file, {}), workload), key);
}

struct Case {
  const char* machine;
  std::vector<std::string> changes;
  Stage stage;
  std::string key;
  double target;
};

std::vector<Case> cases() {
  using enum Stage;
  const std::vector<std::string> estimates{"prune.split=floor", "prune.probability={}",
                                           "prune.rho=-0.999"};
  return {{"hdp_edge", {}, Prefill, "block_sparsity", 0.4},
          {"hdp_edge", {}, Decode, "net_sparsity", 0.3},
          {"hdp_edge", {}, Prefill, "prune_ratio", 0.45},
          {"hdp_edge", {"prune.importance=signed"}, Prefill, "mass_kept", 0.8},
          {"hdp_edge", {}, Prefill, "relative_frobenius", 0.7},
          {"hdp_edge", {"prune.rule=top_k"}, Prefill, "mass_kept", 0.5},
          {"hdp_edge", estimates, Prefill, "prune_ratio", 0.6},
          {"spatten", {"prune.token.start=0"}, Prefill, "prune_ratio", 0.5},
          {"spatten", {}, Decode, "mass_kept", 0.6},
          {"spatten", {"prune.token.keep=0.9"}, Decode, "prune_ratio", 0.7},
          {"spatten", {"prune.head.keep=0.9"}, Prefill, "head_sparsity", 0.3},
          {"token_picker", {}, Decode, "prune_ratio", 0.7},
          {"token_picker", {}, Prefill, "mass_kept", 0.9},
          {"leopard_ae", {}, Prefill, "prune_ratio", 0.6},
          {"leopard_hp", {"prune.threshold=[0]"}, Decode, "prune_ratio", 0.6},
          {"leopard_ae", {"prune.threshold=[0]"}, Prefill, "relative_frobenius", 0.3}};
}

TEST(CalibrateTest, EveryKindMeetsATargetAndItsFileRunsToTheSameValue) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(std::string(c.machine) + " " + c.key);
    const Workload workload = trace(c.stage);
    const auto start = machine(c.machine, c.changes);
    const Calibrated done = calibrated(*start, workload, {c.key + "=" + std::to_string(c.target)});
    ASSERT_EQ(done.calibration.targets.size(), 1U);
    const CalibratedTarget& target = done.calibration.targets.front();
    EXPECT_TRUE(done.calibration.met());
    if (target.reach == Reach::Reached) {
      EXPECT_LE(std::abs(target.reached - c.target), kMostDeviation * c.target);
    } else {
      ASSERT_EQ(target.reach, Reach::Nearest);
      EXPECT_LT(*target.below, c.target);
      EXPECT_GT(*target.above, c.target);
      EXPECT_LT(*target.above - *target.below, 0.15);
    }
    EXPECT_EQ(played_again(*done.machine, workload, c.key), target.reached);
    EXPECT_EQ(done.machine->name(), start->name());
    EXPECT_NE(done.machine->text(), start->text());
  }
}

TEST(CalibrateTest, AQuarterOfThirtySixHeadsIsNine) {
  for (const double target : {0.25, 0.26}) {
    const Calibrated done =
        calibrated(*machine("hdp_edge"), trace(), {"head_sparsity=" + std::to_string(target)});
    const CalibratedTarget& heads = done.calibration.targets.front();
    EXPECT_EQ(heads.reached, 0.25);
    ASSERT_TRUE(heads.counts);
    EXPECT_EQ(heads.counts->part, 9);
    EXPECT_EQ(heads.counts->whole, 36);
    EXPECT_EQ(heads.reach, target == 0.25 ? Reach::Reached : Reach::Nearest);
    EXPECT_EQ(*heads.above, target == 0.25 ? 0.25 : 10.0 / 36);
  }
}

TEST(CalibrateTest, SeveralTargetsHoldTogether) {
  const Workload workload = trace();
  const Calibrated done =
      calibrated(*machine("hdp_edge"), workload, {"block_sparsity=0.5", "head_sparsity=0.25"});
  EXPECT_TRUE(done.calibration.met());
  EXPECT_EQ(played_again(*done.machine, workload, "head_sparsity"), 0.25);
  EXPECT_NEAR(played_again(*done.machine, workload, "block_sparsity"), 0.5, 0.01);
  EXPECT_EQ(done.calibration.keys, (std::vector<std::string>{"block_sparsity", "head_sparsity"}));
  EXPECT_EQ(done.calibration.changes.size(), 2U);
  // In whatever order they are asked for.
  EXPECT_EQ(calibrated(*machine("hdp_edge"), workload, {"head_sparsity=0.25", "block_sparsity=0.5"})
                .machine->text(),
            done.machine->text());
}

TEST(CalibrateTest, ATargetTakesTheKnobThatAnotherLeaves) {
  const auto heads = machine("hdp_edge", {"prune.tau=1"});
  const Calibrated done = calibrated(*heads, trace(), {"net_sparsity=0.6", "block_sparsity=0.5"});
  EXPECT_TRUE(done.calibration.met());
  ASSERT_EQ(done.calibration.changes.size(), 2U);
  EXPECT_TRUE(done.calibration.changes[0].starts_with("prune.rho="));
  EXPECT_TRUE(done.calibration.changes[1].starts_with("prune.tau="));
  EXPECT_THROW(
      calibrated(*heads, trace(), {"net_sparsity=0.6", "block_sparsity=0.5", "mass_kept=0.5"}),
      UserError);
}

TEST(CalibrateTest, WhatCannotBeReachedSaysWhatCan) {
  const Workload workload = trace();
  const Calibrated most = calibrated(*machine("hdp_edge"), workload, {"mass_kept=0"});
  const CalibratedTarget& mass = most.calibration.targets.front();
  EXPECT_FALSE(most.calibration.met());
  EXPECT_EQ(mass.reach, Reach::OutOfReach);
  EXPECT_EQ(mass.reached, mass.least);
  EXPECT_GT(mass.least, 0);
  EXPECT_NEAR(mass.most, 1, 1e-9);
  const auto text = calibration_text(most.calibration);
  EXPECT_NE(text.find("out of reach"), std::string::npos) << text;
  const auto remark = calibration_remark(most.calibration);
  EXPECT_TRUE(remark.ends_with(" with prune.rho=0.999; 0 is out of reach")) << remark;
}

TEST(CalibrateTest, ALinearScheduleKeepsItsShape) {
  const auto start = machine("spatten", {"prune.token.start=0", "prune.token.first=0.8",
                                         "prune.token.last=0.4", "prune.value_keep=1"});
  const auto shares = [&](const char* target) {
    const Calibrated done = calibrated(*start, trace(Stage::Decode), {target});
    EXPECT_TRUE(done.calibration.met());
    std::vector<double> first_and_last;
    for (const std::string& change : done.calibration.changes)
      first_and_last.push_back(std::stod(change.substr(change.find('=') + 1)));
    return first_and_last;
  };
  const auto some = shares("prune_ratio=0.2"), most = shares("prune_ratio=0.5");
  ASSERT_EQ(some.size(), 2U);
  EXPECT_NEAR((1 - some[0]) * 3, 1 - some[1], 1e-9);
  ASSERT_EQ(most.size(), 2U);
  EXPECT_LT(most[0], 2.0 / 3);  // further than where the end is empty
  EXPECT_EQ(most[1], 0);
}

TEST(CalibrateTest, AKnobGoesOnWhereTheOneBeforeItEnds) {
  // Tokens alone, all of them kept, leave what value pruning and heads remove.
  const auto start = machine("spatten", {"prune.value_keep=0.4"});
  const Workload workload = trace(Stage::Decode);
  const Calibrated done = calibrated(*start, workload, {"prune_ratio=0.2"});
  EXPECT_TRUE(done.calibration.met());
  EXPECT_GT(done.calibration.changes.size(), 2U);  // both shares of the tokens, and another knob
}

TEST(CalibrateTest, LayersOfTheirOwnAllMeetTheTarget) {
  const Workload workload = trace();
  for (const char* target : {"prune_ratio=0.6", "mass_kept=0.9"}) {
    const Calibrated done = calibrated(*machine("leopard_ae"), workload, {target}, true);
    EXPECT_TRUE(done.calibration.met());
    ASSERT_EQ(done.calibration.targets.size(), 3U);
    for (const CalibratedTarget& layer : done.calibration.targets)
      EXPECT_LE(std::abs(layer.reached - layer.target), kMostDeviation * layer.target);
    ASSERT_EQ(done.calibration.changes.size(), 1U);
    EXPECT_TRUE(done.calibration.changes[0].starts_with("prune.threshold=["));
    EXPECT_LT(done.calibration.plays, 30);  // of all layers together
  }
}

TEST(CalibrateTest, WhatACascadeRemovedStaysRemoved) {
  const Workload workload = trace();
  const auto tokens = machine("spatten", {"prune.head.keep=1"});
  const Calibrated ratio = calibrated(*tokens, workload, {"prune_ratio=0.4"}, true);
  const auto& targets = ratio.calibration.targets;
  ASSERT_EQ(targets.size(), 3U);
  EXPECT_EQ(targets[0].reach, Reach::Held);  // nothing has been removed before the first layer
  EXPECT_EQ(targets[0].reached, 0);
  for (const std::size_t layer : {1U, 2U}) {
    EXPECT_LE(*targets[layer].below, 0.4);
    EXPECT_GE(*targets[layer].above, 0.4);
    EXPECT_LT(std::abs(targets[layer].reached - 0.4), 0.06);  // whole tokens, of queries and keys
  }
  EXPECT_TRUE(ratio.calibration.met());
  EXPECT_TRUE(ratio.calibration.changes[0].starts_with("prune.token.keep="));

  const Calibrated mass = calibrated(*tokens, workload, {"mass_kept=0.8"}, true);
  EXPECT_TRUE(mass.calibration.met());
  EXPECT_NE(mass.calibration.targets[1].reach, Reach::OutOfReach);
}

TEST(CalibrateTest, HoldsTheResultOnAnotherTrace) {
  const Workload other = trace(Stage::Prefill, 2);
  Calibrated done = calibrated(*machine("hdp_edge"), trace(), {"mass_kept=0.5"});
  hold_on(other, {}, done);
  ASSERT_EQ(done.calibration.workloads.size(), 2U);
  EXPECT_EQ(done.calibration.workloads[0].reached[0], done.calibration.targets[0].reached);
  EXPECT_EQ(done.calibration.workloads[1].reached[0],
            played_again(*done.machine, other, "mass_kept"));
  EXPECT_NE(done.calibration.workloads[1].reached[0], done.calibration.workloads[0].reached[0]);
}

TEST(CalibrateTest, TheSameForAnyNumberOfThreads) {
  const Workload workload = trace(Stage::Decode);
  const auto targets = read_targets(std::vector<std::string>{"mass_kept=0.7"});
  const auto one = calibrate(*machine("token_picker"), workload, targets, {.threads = 1}),
             four = calibrate(*machine("token_picker"), workload, targets, {.threads = 4});
  EXPECT_EQ(one.machine->text(), four.machine->text());
  EXPECT_EQ(calibration_json(one.calibration), calibration_json(four.calibration));
}

TEST(CalibrateTest, ATableAtATargetSetsTheKnobsOfEveryMachine) {
  const Workload workload = trace();
  const Machines machines{machine("hdp_edge"), machine("dense"), machine("leopard_ae")};
  const auto at = read_targets(std::vector<std::string>{"mass_kept=0.7"});
  const auto rows = compare(machines, {workload}, Baseline(), {}, at);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_NEAR(*rows[0].mass_kept, 0.7, 0.7 * kMostDeviation);
  EXPECT_TRUE(rows[0].remark.ends_with(
      " with prune.rho=" + rows[0].remark.substr(rows[0].remark.find("prune.rho=") + 10)));
  EXPECT_EQ(*rows[1].mass_kept, 1);
  EXPECT_EQ(rows[1].remark, "no knob: as it stands");
  EXPECT_NEAR(*rows[2].mass_kept, 0.7, 0.7 * kMostDeviation);
  const auto plain = compare(machines, {workload}, Baseline(), {});
  EXPECT_EQ(rows[1].cycles, plain[1].cycles);
  EXPECT_NE(rows[0].cycles, plain[0].cycles);
  EXPECT_EQ(rows[0].baseline_cycles, plain[0].baseline_cycles);
}

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "nothing";
}

TEST(CalibrateTest, MistakesAreOneLine) {
  const auto read = [](std::vector<std::string> texts) {
    return refusal([&] { (void)read_targets(texts); });
  };
  EXPECT_EQ(read({"mass=0.5"}),
            "mass: is no measure; allowed: block_sparsity, head_sparsity, net_sparsity, "
            "prune_ratio, mass_kept, relative_frobenius");
  EXPECT_EQ(read({"mass_kep=0.5"}),
            "mass_kep: is no measure; allowed: block_sparsity, head_sparsity, net_sparsity, "
            "prune_ratio, mass_kept, relative_frobenius; did you mean 'mass_kept'?");
  EXPECT_EQ(read({"mass_kept"}),
            "mass_kept: is no target; allowed: KEY=VALUE, such as mass_kept=0.95");
  for (const char* value : {"", "x", "95%", "-0.1", "1.01", "nan", "inf", "0.5 "})
    EXPECT_EQ(read({std::string("mass_kept=") + value}),
              std::string("mass_kept: '") + value + "'; allowed: a share from 0 to 1");
  EXPECT_EQ(read({"relative_frobenius=-1"}),
            "relative_frobenius: '-1'; allowed: a number of 0 or more");
  EXPECT_EQ(read({"mass_kept=0.5", "prune_ratio=0.1", "mass_kept=0.6"}),
            "mass_kept: is a target twice; allowed: one value");
  const auto turn = [](const char* name, const char* target, bool by_layer = false) {
    return refusal([&] { (void)calibrated(*machine(name), trace(), {target}, by_layer); });
  };
  EXPECT_EQ(turn("dense", "mass_kept=0.5"),
            "dense: kind hdp has no knob to calibrate, as this machine stands");
  EXPECT_EQ(turn("sta", "mass_kept=0.5"),
            "sta: kind sta has no knob to calibrate, as this machine stands");
  EXPECT_EQ(turn("leopard_ae", "block_sparsity=0.5"),
            "block_sparsity: leopard_ae (kind leopard) has no knob that moves it; allowed: "
            "prune_ratio, mass_kept, relative_frobenius");
  EXPECT_EQ(turn("hdp_edge", "mass_kept=0.5", true),
            "--per-layer: hdp_edge (kind hdp) has no knob with a value a layer; allowed: one value "
            "for all layers");
}

}  // namespace
}  // namespace hdp
