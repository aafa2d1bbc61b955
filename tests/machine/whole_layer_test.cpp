// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "machine/layer/loads.hpp"
#include "support/catalog.hpp"
#include "support/tensor_file.hpp"
#include <hdp/machine/kind.hpp>
#include <hdp/machine/layer/play.hpp>
#include <hdp/prune/encoder_run.hpp>
#include <hdp/workload/synthetic.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

using test::error_of;
using test::kCatalog;
using ::testing::HasSubstr;

std::unique_ptr<Machine> machine(const std::string& name,
                                 const std::vector<std::string>& changes = {}) {
  return resolve_machine(kCatalog, name, changes);
}

Workload prefill() { return Workload(make_synthetic({.model = "bert_tiny", .n = 24})); }
Workload decode() {
  return Workload(make_synthetic(
      {.model = "smollm2_135m", .stage = Stage::Decode, .n_ctx = 20, .steps = 3, .layers = 2}));
}
Workload whole(const Workload& workload) { return workload.with_layers(layer_widths_of(workload)); }
Workload encoder() {
  return whole(Workload(make_synthetic_encoder({.model = "bert_tiny", .n = 24, .layers = 2})));
}

LayerResult one_layer(const Machine& machine, const LayerSizes& sizes) {
  const LayerEngine engine = machine.layer_engine().value();
  return play_layer(engine.config, engine.array, engine.memory, engine.clock_mhz, engine.energy,
                    encoder_layer_steps(sizes));
}

std::int64_t tensor(const std::vector<Counter>& bytes, const std::string& name) {
  for (const Counter& counter : bytes)
    if (counter.name == name) return counter.value;
  return 0;
}

std::int64_t mac(const RunResult& run, const std::string& phase) {
  const Fact* found = run.macs.find(phase);
  return found == nullptr ? 0 : *found->as<std::int64_t>();
}

constexpr const char* kDense = R"(layer={"kept": 0, "of": 0})";

class WholeLayerTest : public ::testing::TestWithParam<const char*> {};

TEST_P(WholeLayerTest, LayersFollowTheAttentionAndEverythingAddsUp) {
  const auto played = machine(GetParam(), {kDense});
  for (const Workload& workload : {prefill(), decode()}) {
    const bool steps = workload.stage() == Stage::Decode;
    const RunResult attention = play(*played, workload), all = play(*played, whole(workload));
    const LayerShape& shape = workload.trace()->shape(0);
    const LayerWidths widths = layer_widths_of(workload);
    const std::int64_t times = 2 * (steps ? 3 : 1);
    const LayerResult layer = one_layer(*played, {.tokens = steps ? 1 : 24,
                                                  .hidden = widths.hidden,
                                                  .heads = shape.heads,
                                                  .kv_heads = shape.kv_heads,
                                                  .head_dim = shape.d,
                                                  .ffn = widths.ffn,
                                                  .gated = widths.gated});
    EXPECT_EQ(all.cycles, attention.cycles + times * layer.cycles);
    for (const UnitReport& unit : all.units) EXPECT_EQ(unit.total, all.cycles) << unit.instance;
    EXPECT_EQ(tensor(all.memory.read_bytes, "weights"),
              times * layer.read_bytes[static_cast<std::size_t>(Tensor::Weights)]);
    EXPECT_EQ(tensor(all.memory.read_bytes, "v"), tensor(attention.memory.read_bytes, "v"));
    EXPECT_EQ(all.fidelity.error.relative_frobenius(),
              attention.fidelity.error.relative_frobenius());
    EXPECT_EQ(mac(all, "value"), mac(attention, "value"));
    EXPECT_EQ(mac(all, "ffn_1"), times * (steps ? 1 : 24) * widths.hidden * widths.ffn);
    EXPECT_EQ(mac(all, "ffn_gate"), widths.gated ? mac(all, "ffn_1") : 0);
    EXPECT_EQ(all.dense_macs - attention.dense_macs,
              mac(all, "q_projection") + mac(all, "k_projection") + mac(all, "v_projection") +
                  mac(all, "o_projection") + mac(all, "ffn_1") + mac(all, "ffn_gate") +
                  mac(all, "ffn_2"));
    const double apart =
        *attention.total_pj() + static_cast<double>(times) * layer.energy.total_pj();
    EXPECT_GT(*all.total_pj(), apart);  // what rests leaks
    EXPECT_LT(*all.total_pj(), 2 * apart);
    const bool adds = played->name() != "sta";  // which has all of it in attention
    EXPECT_EQ(all.area->total_um2() > attention.area->total_um2(), adds);
    EXPECT_EQ(all.machine.resources.sram_bytes - attention.machine.resources.sram_bytes,
              adds ? 196'608 : 0);
    std::int64_t path = 0;
    for (const CriticalTime& time : all.critical_path) path += time.cycles();
    EXPECT_EQ(path, all.critical_path.empty() ? 0 : all.cycles);
    EXPECT_EQ(all.phases.back().end + 1, all.cycles);  // when the last write is known to be done
  }
}

TEST_P(WholeLayerTest, HoweverARunIsCutItGivesTheSame) {
  const auto played = machine(GetParam());
  const Workload workload = encoder();
  const RunResult once = play(*played, workload);
  const std::unique_ptr<Session> session = played->start(workload, {});
  while (!session->done()) {
    const Cycle end = session->now() + Cycles{once.cycles / 7};
    session->run_until(end);
    EXPECT_TRUE(session->done() || session->now() >= end);
  }
  const RunResult cut = session->result();
  EXPECT_EQ(cut.cycles, once.cycles);
  EXPECT_EQ(cut.total_pj(), once.total_pj());
}

TEST_P(WholeLayerTest, AnEncodersAttentionIsThatOfItsTrace) {
  const auto played = machine(GetParam());
  const Workload workload = encoder();
  const Workload trace(run_encoder(*workload.encoder(), {}, false).trace);
  const RunResult run = play(*played, workload.with_layers(std::nullopt));
  EXPECT_EQ(run.cycles, play(*played, trace).cycles);
  EXPECT_EQ(run.workload_name, workload.name());
  EXPECT_EQ(run.dense_macs, play(*played, trace).dense_macs);
  EXPECT_LT(run.cycles, play(*played, workload).cycles);
}

TEST_P(WholeLayerTest, MasksOfWeightsSaveBytesAndAreUndoneInTheBaseline) {
  const auto dense = machine(GetParam(), {kDense}),
             masked = machine(GetParam(), {"layer={\"kept\": 2, \"of\": 8}"});
  const Workload workload = encoder();
  const RunResult all = play(*dense, workload), pruned = play(*masked, workload);
  EXPECT_LT(pruned.cycles, all.cycles);
  // 2 codes of 8 bits and a map of 8 for every 8 of 8; what is read again may change, too
  EXPECT_EQ(tensor(pruned.memory.read_bytes, "weights") % 3, 0);
  EXPECT_LT(tensor(pruned.memory.read_bytes, "weights") * 2,
            tensor(all.memory.read_bytes, "weights"));
  const Job same = masked->unpruned(workload);
  EXPECT_EQ(play(*same.machine, same.workload).cycles,
            play(*dense->unpruned(workload).machine, workload).cycles);
}

INSTANTIATE_TEST_SUITE_P(Kinds, WholeLayerTest,
                         ::testing::Values("hdp_edge", "dense", "spatten", "token_picker",
                                           "leopard_ae", "sta"));

TEST(LayerLoadTest, SequencesOfABatchShareTheirWeights) {
  const Trace two = make_synthetic(
      {.model = "gpt2", .stage = Stage::Decode, .n_ctx = 5, .steps = 2, .layers = 1, .heads = 3});
  const Trace three = make_synthetic(
      {.model = "gpt2", .stage = Stage::Decode, .n_ctx = 9, .steps = 3, .layers = 1, .heads = 3});
  const std::vector<Trace> batch{two, three};
  const AliveLayer alive{.sequence = 1, .layer = 0, .step = 1, .heads = {1, 2}};
  const AliveLayer other{.sequence = 0, .layer = 0, .step = 1, .heads = {0}};
  const auto loads = layer::loads_of(batch, {768, 3072, false}, std::vector{alive, other});
  ASSERT_EQ(loads.size(), 3U);
  EXPECT_EQ(loads[0].sizes.tokens, 2);
  EXPECT_EQ(loads[0].sizes.heads, 3);
  EXPECT_EQ(loads[1].sizes.heads, 3);  // of one or the other
  EXPECT_EQ(loads[2].sizes.tokens, 1);
  EXPECT_EQ(layer::loads_of(batch, {768, 3072, false}, std::vector{alive})[1].sizes.heads, 3);
}

TEST(LayerLoadTest, HeadsThatShareKAndVAreMadeOnceForAllOfThem) {
  const std::vector<Trace> one{make_synthetic({.model = "smollm2_135m", .n = 4, .layers = 1})};
  const AliveLayer alive{.layer = 0, .tokens = 3, .heads = {0, 2, 8}};
  const LayerSizes sizes = layer::loads_of(one, {576, 1536, true}, {&alive, 1})[0].sizes;
  EXPECT_EQ(sizes.tokens, 3);
  EXPECT_EQ(sizes.heads, 3);
  EXPECT_EQ(sizes.kv_heads, 2);  // of 3
}

/// Tokens and heads that a layer is made for are those of its attention, before what it prunes.
void expect_layers_of_the_attention(const Machine& pruned, const Workload& workload) {
  const RunResult run = play(pruned, workload);
  const Job same = pruned.unpruned(workload);
  const RunResult all = play(*same.machine, same.workload);
  const LayerShape& shape = workload.trace()->shape(0);
  EXPECT_LT(mac(run, "ffn_1"), mac(all, "ffn_1"));
  std::int64_t ffn = 0, queries = 0, played = 0;
  for (const AliveLayer& layer : run.alive) {
    ffn += *layer.tokens * 768 * 3072;
    queries += *layer.tokens * 768 * std::ssize(layer.heads) * 64;
    played += std::ssize(layer.heads);
  }
  EXPECT_EQ(mac(run, "ffn_1"), ffn);
  EXPECT_EQ(mac(run, "q_projection"), queries);
  EXPECT_EQ(mac(all, "ffn_1"), std::int64_t{4} * 48 * 768 * 3072);
  EXPECT_EQ(*run.alive.front().tokens, 48);
  EXPECT_EQ(std::ssize(run.alive.front().heads), shape.heads);  // nothing is pruned before it
  std::set<std::pair<std::int64_t, std::int64_t>> attended;     // layer, head
  for (const PhaseSpan& phase : run.phases)
    if (phase.name == "softmax") attended.emplace(phase.layer, phase.head);
  EXPECT_EQ(std::ssize(attended), played);
}

TEST(LayerLoadTest, TokensAndHeadsThatACascadePrunesShortenTheLayers) {
  const Workload workload =
      whole(Workload(make_synthetic({.model = "gpt2", .n = 48, .layers = 4})));
  expect_layers_of_the_attention(
      *machine("spatten", {"prune.head.first=0.8", "prune.head.last=0.3", "prune.head.start=0"}),
      workload);
  expect_layers_of_the_attention(
      *machine("hdp_edge", {"cascade.token.keep=linear", "cascade.head.keep=linear", "prune.tau=-1",
                            "scheduling.slice_heads=1"}),
      workload);
}

TEST(LayerEnergyTest, EveryUnitLeaksForAsLongAsTheRunTakes) {
  for (const char* name : {"sta", "hdp_edge", "leopard_ae"}) {
    const auto played = machine(name);
    const RunResult alone = play(*played, prefill()), all = play(*played, whole(prefill()));
    const auto leakage = [](const RunResult& run, const std::string& instance) {
      for (const UnitCost& unit : *run.energy_pj)
        for (const CostItem& item : unit.items)
          if (unit.instance == instance && item.kind == kLeakage) return item.value;
      return 0.0;
    };
    for (const UnitCost& unit : *alone.energy_pj) {
      const double before = leakage(alone, unit.instance);
      EXPECT_NEAR(leakage(all, unit.instance) / static_cast<double>(all.cycles),
                  before / static_cast<double>(alone.cycles),
                  1e-9 * before / static_cast<double>(alone.cycles))
          << name << " " << unit.instance;
    }
  }
}

TEST(LayerMacsTest, PaddingOfAShortGroupIsNoMac) {
  EXPECT_EQ(kept_of({5, 16}, 20), 9);  // 5 of 16, and 4 of 4
  EXPECT_EQ(products_of({5, 16}, 20), 10);
  EXPECT_EQ(kept_of({64, 64}, 24), 24);
  EXPECT_EQ(kept_of({0, 0}, 20), 20);
}

TEST(WholeLayerErrorTest, WhatCannotBePlayedIsOneLine) {
  PlayOptions foreign;
  foreign.memory = [] { return std::unique_ptr<MemorySimulator>(); };
  EXPECT_THAT(error_of([&] { (void)machine("dense")->start(encoder(), foreign); }),
              HasSubstr("plays whole layers on its own memory only"));
  EXPECT_THAT(error_of([] {
                machine("dense", {"layer.kept=3", "layer.of=2"});
              }),
              HasSubstr("/layer/kept: 3 of 2; allowed: 1 <= kept <= of, or 0 of 0: dense"));
  EXPECT_THAT(error_of([] { (void)machine("spatten_rtl_artifact")->start(encoder(), {}); }),
              HasSubstr("cannot play this workload"));
}

}  // namespace
}  // namespace hdp
