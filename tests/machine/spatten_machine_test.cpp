// SPDX-License-Identifier: Apache-2.0
// SpAtten's machine against the closed formulas of docs/spatten_machine.md, and its identities.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>
#include <machine/spatten_bench.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>

namespace hdp::test {
namespace {

std::int64_t cycles_of(const SpattenConfig& config, const std::vector<SpattenPass>& passes) {
  return play_spatten(config, passes).cycles;
}

/// The formula of the page: a head with one query, nothing else on the machine, d 64.
struct SpattenFormula {
  SpattenConfig config;
  std::int64_t keys = 0, values = 0;

  [[nodiscard]] std::int64_t lines(std::int64_t count) const {
    return ceil_div(count, config.multipliers / 64);
  }
  /// From the request of a load to its first tile in the buffer.
  [[nodiscard]] std::int64_t load(std::int64_t vectors) const {
    const std::int64_t tile = std::min(vectors, config.tile_keys);
    return config.memory.latency_cycles +
           ceil_div(tile, config.converter_lines * config.multipliers / 64) +
           config.converter_latency_cycles;
  }
  [[nodiscard]] std::int64_t pass() const {
    return lines(keys) + config.qk_latency_cycles + ceil_div(keys, config.softmax.lanes) +
           config.softmax.latency_cycles + config.decision_latency_cycles;
  }
  [[nodiscard]] std::int64_t dense() const {
    return 15 + load(keys) + pass() + lines(values) + config.pv_latency_cycles +
           config.memory.latency_cycles;
  }
  [[nodiscard]] std::int64_t top_k(std::int64_t cycles) const {
    return dense() + 8 + cycles + load(values);
  }
  [[nodiscard]] std::int64_t second_pass() const { return 7 + load(keys) + pass(); }
  /// Heads that share K and V: their rows of Q pass the converter first, and every further row
  /// takes the slowest stage of the pipeline.
  [[nodiscard]] std::int64_t slice(std::int64_t heads) const {
    const std::int64_t row =
        std::max({lines(keys), ceil_div(keys, config.softmax.lanes), lines(values)});
    const std::int64_t q = ceil_div(heads, config.converter_lines * config.multipliers / 64);
    return dense() + (q - 1) + (heads - 1) * row;
  }
};

SpattenConfig eighth() {
  SpattenConfig config = unloaded_spatten(30);
  config.multipliers = 64;
  config.softmax.lanes = 1;
  config.pv_latency_cycles = 3;
  config.decision_latency_cycles = 2;
  return config;
}

TEST(SpattenMachineTest, OneQueryTakesWhatTheFormulaSays) {
  for (const SpattenConfig& config : {unloaded_spatten(0), unloaded_spatten(10), eighth()}) {
    for (const std::int64_t keys : {1, 7, 8, 63, 64, 65, 128, 500, 1024}) {
      SCOPED_TRACE(keys);
      const SpattenFormula all{config, keys, keys};
      EXPECT_EQ(cycles_of(config, {single_pass(keys, keys)}), all.dense());
      EXPECT_EQ(cycles_of(config, {single_pass(keys, keys, 0, true)}),
                all.dense() + all.second_pass());
      const std::int64_t half = std::max<std::int64_t>(1, keys / 2);
      const SpattenFormula some{config, keys, half};
      EXPECT_EQ(cycles_of(config, {single_pass(keys, half, 20)}), some.top_k(20));
      EXPECT_EQ(cycles_of(config, {single_pass(keys, half, 300, true)}),
                some.top_k(300) + some.second_pass());
    }
  }
}

TEST(SpattenMachineTest, ARankingHoldsTheNextLayerBack) {
  const SpattenConfig config = unloaded_spatten();
  const auto two_layers = [&](std::int64_t tokens, std::int64_t heads) {
    std::vector<SpattenPass> passes{single_pass(64, 64), single_pass(64, 64)};
    passes[0].ends_layer = true;
    passes[0].token_ranking_cycles = tokens;
    passes[0].head_ranking_cycles = heads;
    passes[1].layer = 1;
    return passes;
  };
  const std::int64_t one = cycles_of(config, {single_pass(64, 64)});
  const std::int64_t free = cycles_of(config, two_layers(0, 0));
  EXPECT_EQ(free, one + 8 + 1) << "layers overlap: the second adds the cycles of its row and loop";
  // With a barrier a layer starts in the cycle that ends the last one. Heads are ranked when the
  // last output is computed: beside its write-back, latency + 5, with a hop to and from the engine.
  const std::int64_t ranked = cycles_of(config, two_layers(0, 100));
  EXPECT_EQ(ranked, (2 * one - 1) + 100 + 2 - (config.memory.latency_cycles + 5));
  EXPECT_EQ(cycles_of(config, two_layers(0, 101)), ranked + 1);
  // Tokens are ranked when the last probability is known: beside P.V.
  EXPECT_LT(cycles_of(config, two_layers(100, 0)), ranked);
  EXPECT_EQ(cycles_of(config, two_layers(101, 0)), cycles_of(config, two_layers(100, 0)) + 1);
  SpattenConfig no_logic = config;
  no_logic.cascade_ranking = false;
  EXPECT_EQ(cycles_of(no_logic, two_layers(100, 100)), free);
  no_logic.layer_barrier = true;
  EXPECT_EQ(cycles_of(no_logic, two_layers(100, 100)), 2 * one - 1);
}

TEST(SpattenMachineTest, HeadsStreamAtTheRateOfTheQkArray) {
  const SpattenConfig config = unloaded_spatten();
  const auto heads = [](std::size_t count) {
    return std::vector<SpattenPass>(count, single_pass(512, 512));
  };
  EXPECT_EQ(cycles_of(config, heads(41)) - cycles_of(config, heads(40)), 512 / 8);
}

TEST(SpattenMachineTest, TheHeadLoopKeepsHeadsApart) {
  SpattenConfig config = unloaded_spatten();
  config.head_loop_cycles = 500;
  const std::vector<SpattenPass> heads(5, single_pass(64, 64));
  EXPECT_EQ(cycles_of(config, heads), cycles_of(config, {heads.front()}) + 4 * 500);
}

/// Heads that share `keys` keys and use all of V.
SpattenPass slice(std::int64_t heads, std::int64_t keys) {
  SpattenPass pass = single_pass(keys, keys);
  pass.heads.resize(static_cast<std::size_t>(heads));
  std::iota(pass.heads.begin(), pass.heads.end(), 0);
  pass.queries.assign(pass.heads.size(), pass.queries.front());
  for (SpattenQueryWork& query : pass.queries)
    for (std::int64_t end = 0; end < keys; query.value_ends.push_back(static_cast<int>(end)))
      end = std::min<std::int64_t>(keys, end + 64);
  return pass;
}

TEST(SpattenMachineTest, ASliceTakesOneFetchAndARowAHead) {
  for (const SpattenConfig& config : {unloaded_spatten(0), unloaded_spatten(10), eighth()}) {
    for (const std::int64_t keys : {1, 8, 64, 65, 500, 1024})
      for (const std::int64_t heads : {2, 3, 8}) {
        SCOPED_TRACE(keys);
        const SpattenFormula one{config, keys, keys};
        EXPECT_EQ(cycles_of(config, {slice(heads, keys)}), one.slice(heads));
        const SpattenResult run = play_spatten(config, std::vector{slice(heads, keys)});
        const auto bytes = [&](Tensor tensor) {
          return run.read_bytes[static_cast<std::size_t>(tensor)];
        };
        EXPECT_EQ(bytes(Tensor::Q), heads * 96);
        EXPECT_EQ(bytes(Tensor::K), keys * 64) << "once, 8 bits an element";
        EXPECT_EQ(bytes(Tensor::V), keys * 96) << "once, 12 bits";
        EXPECT_EQ(run.records.size(), static_cast<std::size_t>(heads));
      }
  }
}

TEST(SpattenMachineTest, ASliceNeedsARowForEveryHead) {
  SpattenConfig config = unloaded_spatten();
  config.score_rows = 3;
  EXPECT_GT(cycles_of(config, {slice(3, 64)}), 0);
  EXPECT_THROW(cycles_of(config, {slice(4, 64)}), UserError);
}

TEST(SpattenMachineTest, AnAppendLeavesBehindTheOutput) {
  for (const SpattenConfig& config : {unloaded_spatten(0), unloaded_spatten(10), eighth()})
    for (const std::int64_t keys : {64, 500, 1024}) {
      SpattenPass pass = single_pass(keys, keys);
      const std::int64_t without = cycles_of(config, {pass});
      pass.appends = pass.two_parts = true;
      const SpattenResult run = play_spatten(config, std::vector{pass});
      EXPECT_EQ(run.cycles, without + 3) << "a command a tensor";
      const auto written = [&](Tensor tensor) {
        return run.written_bytes[static_cast<std::size_t>(tensor)];
      };
      EXPECT_EQ(written(Tensor::K), 64);
      EXPECT_EQ(written(Tensor::KLsb), 32);
      EXPECT_EQ(written(Tensor::V), 96);
    }
}

TEST(SpattenMachineTest, WhatDoesNotFitTheBuffersIsRefused) {
  const auto message = [](const SpattenConfig& config, const SpattenPass& pass) -> std::string {
    try {
      cycles_of(config, {pass});
    } catch (const UserError& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_EQ(message(unloaded_spatten(), single_pass(2048, 2048)), "");
  EXPECT_EQ(message(unloaded_spatten(), single_pass(2049, 1)),
            "/k_buffer_bytes: step 0 layer 0 head 0 has 2049 keys of 64 elements; allowed: at most "
            "2048 in 196608 bytes");
  SpattenConfig small = unloaded_spatten();
  small.v_buffer_bytes = 960;
  EXPECT_NE(message(small, single_pass(20, 11)).find("/v_buffer_bytes"), std::string::npos);
}

/// Passes as they come: heads of one or several queries, with everything that pruning does.
std::vector<SpattenPass> arbitrary_passes(std::int64_t score_rows) {
  std::vector<SpattenPass> passes;
  const int count = *rc::gen::inRange(1, 12);
  for (int p = 0; p < count; ++p) {
    const std::int64_t keys = *rc::gen::inRange(1, 300);
    SpattenPass pass;
    pass.layer = p / 3;
    pass.heads = {p % 3};
    pass.stored_head = p % 3;
    pass.d = *rc::gen::element(32, 64, 128);
    pass.key_bits = *rc::gen::element(4, 6, 8, 12);
    pass.keys = first_tokens(keys);
    const int rows = *rc::gen::inRange(1, 6);
    const auto most = rows == 1 ? std::min<std::int64_t>(score_rows, 3) : 3;
    pass.heads.resize(*rc::gen::inRange<std::size_t>(1, static_cast<std::size_t>(most) + 1));
    std::iota(pass.heads.begin(), pass.heads.end(), p % 3);
    pass.appends = *rc::gen::arbitrary<bool>();
    pass.two_parts = *rc::gen::arbitrary<bool>();
    const int queries = rows * static_cast<int>(pass.heads.size());
    for (int q = 0; q < queries; ++q) {
      SpattenQueryWork query{.keys = *rc::gen::inRange<std::int64_t>(1, keys + 1)};
      if (q + 1 == queries || rows == 1) query.keys = keys;
      query.values = *rc::gen::inRange<std::int64_t>(1, query.keys + 1);
      query.top_k_cycles = query.values < query.keys ? *rc::gen::inRange<std::int64_t>(1, 200) : 0;
      query.second_pass = *rc::gen::inRange(0, 3) == 0;
      pass.queries.push_back(query);
    }
    pass.values = *first_tokens(pass.single() && queries == 1 ? pass.queries[0].values : keys);
    if (pass.single() && queries > 1)  // each uses the last of them
      for (SpattenQueryWork& query : pass.queries)
        for (std::int64_t end = 0; end < query.values;) {
          end = std::min<std::int64_t>(query.values, end + 64);
          query.value_ends.push_back(static_cast<std::int32_t>(keys - query.values + end));
        }
    pass.ends_layer = p % 3 == 2 || p + 1 == count;
    if (pass.ends_layer) {
      pass.token_ranking_cycles = *rc::gen::element(0, 50);
      pass.head_ranking_cycles = *rc::gen::element(0, 20);
    }
    passes.push_back(pass);
  }
  return passes;
}

std::vector<std::int64_t> accounts(const SpattenResult& run) {
  std::vector<std::int64_t> all{run.cycles};
  for (const UnitReport& unit : run.units) {
    all.insert(all.end(), {unit.total, unit.idle, unit.busy});
    for (const Counter& reason : unit.blocked) all.push_back(reason.value);
    for (const Counter& counter : unit.counters) all.push_back(counter.value);
  }
  return all;
}

// play_spatten itself checks that every cycle is charged once and that bytes in = bytes asked for.
RC_GTEST_PROP(SpattenMachineTest, NoOrderOfTicksAndNoSkippingChangesAnything, ()) {
  SpattenConfig config = unloaded_spatten(*rc::gen::inRange<std::int64_t>(0, 60));
  config.memory.bandwidth_mb_per_s = *rc::gen::element(8'000, 64'000, 512'000);
  config.score_rows = *rc::gen::inRange<std::int64_t>(1, 5);
  config.heads_in_flight = *rc::gen::inRange<std::int64_t>(1, 5);
  config.k_buffer_bytes = *rc::gen::element(60'000, 196'608);
  config.v_buffer_bytes = *rc::gen::element(60'000, 196'608);
  config.fetch.requests_in_flight = *rc::gen::element(1, 8, 1024);
  const std::vector<SpattenPass> passes = arbitrary_passes(config.score_rows);
  const SpattenResult skipping = play_spatten(config, passes);
  PlayOptions options;
  options.idle_cycles = IdleCycles::Visit;
  RC_ASSERT(accounts(play_spatten(config, passes, options)) == accounts(skipping));
  options.order = {7, 6, 5, 4, 3, 2, 1, 0};
  RC_ASSERT(accounts(play_spatten(config, passes, options)) == accounts(skipping));
  options.order = {3, 0, 7, 5, 1, 6, 2, 4};
  RC_ASSERT(accounts(play_spatten(config, passes, options)) == accounts(skipping));
}

RC_GTEST_PROP(SpattenMachineTest, ArraysAreBusyForExactlyTheirWork, ()) {
  const SpattenConfig config = unloaded_spatten();
  const std::vector<SpattenPass> passes = arbitrary_passes(config.score_rows);
  const SpattenResult run = play_spatten(config, passes);
  std::int64_t qk = 0, pv = 0;
  for (const SpattenPass& pass : passes)
    for (const SpattenQueryWork& query : pass.queries) {
      const std::int64_t a_cycle = config.multipliers / pass.d;
      qk += (query.second_pass ? 2 : 1) * ceil_div(query.keys, a_cycle);
      pv += ceil_div(query.values, a_cycle);
    }
  RC_ASSERT(unit_of(run, "qk").busy == qk);
  RC_ASSERT(unit_of(run, "pv").busy == pv);
}

}  // namespace
}  // namespace hdp::test
