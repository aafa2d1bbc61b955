// SPDX-License-Identifier: Apache-2.0
// What heads keep, pair by pair, beside the decisions of the reference order.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "machine/small_trace.hpp"
#include "support/catalog.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/machine/leopard/config.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/prune/leopard_decisions.hpp>

namespace hdp::test {
namespace {

Workload trace_of(std::int64_t n, std::int64_t layers = 1) {
  SyntheticConfig config;
  config.n = n;
  config.layers = layers;
  config.heads = 2;
  return Workload(make_synthetic(config));
}

HeadMap map_of(const std::string& machine, const std::vector<std::string>& changes,
               const Workload& workload, HeadName head) {
  HeadMaps maps({head});
  PlayOptions options;
  options.maps = &maps;
  RunResult run = play(*resolve_machine(kCatalog, machine, changes), workload, options);
  return std::move(run.maps.at(0));
}

TEST(HeadMapTest, CellsAreSingleWhereTheyFitAndCountPairsElsewhere) {
  const Workload small = trace_of(64), large = trace_of(65);
  const HeadMap single(0, {0, 1}, *small.trace()), several(0, {0, 1}, *large.trace());
  EXPECT_EQ(single.allowed.rows(), 64);
  EXPECT_EQ(single.cell_queries, 1);
  EXPECT_EQ(several.cell_queries, 2);
  EXPECT_EQ(several.cell_keys, 2);
  ASSERT_EQ(several.allowed.rows(), 33);  // the last row and column have one each
  EXPECT_EQ(several.allowed.columns(), 33);
  EXPECT_EQ(several.allowed.row(0)[0], 4);
  EXPECT_EQ(several.allowed.row(32)[32], 1);
  EXPECT_EQ(several.allowed.row(32)[0], 2);
}

TEST(HeadMapTest, WhatACausalQueryMayNotSeeIsNotAllowed) {
  SyntheticConfig config;
  config.model = "gpt2";
  config.layers = 1;
  config.n = 6;
  const Workload workload(make_synthetic(config));
  const HeadMap map(0, {0, 0}, *workload.trace());
  for (std::int64_t query = 0; query < 6; ++query)
    for (std::int64_t key = 0; key < 6; ++key)
      EXPECT_EQ(map.allowed.row(query)[static_cast<std::size_t>(key)], key <= query ? 1 : 0);
}

/// Of single pairs, as decisions digest them.
std::string sha256_of(const HeadMap& map) {
  BitMatrix pairs(map.queries, map.keys);
  for (std::int64_t query = 0; query < map.queries; ++query)
    for (std::int64_t key = 0; key < map.keys; ++key)
      if (map.kept.row(query)[static_cast<std::size_t>(key)] != 0) pairs.set(query, key);
  return pairs.sha256();
}

TEST(HeadMapTest, MasksAreThoseOfTheReferenceOrder) {
  for (const Workload& workload : {trace_of(40, 2), small_trace(Stage::Decode)}) {
    const Trace& trace = *workload.trace();
    HdpConfig hdp;
    hdp.prune.tau = -1;  // digests have the blocks of pruned heads, too
    hdp.prune.rho = 0.3;
    const HdpDecisions blocks = decide_hdp(trace, hdp.prune, {}, 1);
    LeopardConfig leopard;
    const LeopardDecisions pairs = decide_leopard(trace, leopard.prune.settings(), {}, 1, false);
    for (const HeadName head : {HeadName{0, 1}, HeadName{1, 0}}) {
      const auto l = static_cast<std::size_t>(head.layer), h = static_cast<std::size_t>(head.head);
      EXPECT_EQ(sha256_of(map_of("hdp_edge", {"prune.tau=-1", "prune.rho=0.3"}, workload, head)),
                blocks.layers[l].heads[h].kept_mask_sha256);
      EXPECT_EQ(sha256_of(map_of("leopard_ae", {}, workload, head)),
                pairs.layers[l].heads[h].survivors_sha256);
    }
  }
}

TEST(HeadMapTest, BlocksOfHdpAreSquares) {
  const HeadMap map = map_of("hdp_edge", {"prune.rho=0.5", "prune.tau=-1"}, trace_of(32), {0, 1});
  const std::int64_t block = 2;
  std::int64_t kept = 0;
  for (std::int64_t query = 0; query < 32; ++query)
    for (std::int64_t key = 0; key < 32; ++key) {
      const auto at = [&](std::int64_t i, std::int64_t j) {
        return map.kept.row(i)[static_cast<std::size_t>(j)];
      };
      EXPECT_EQ(at(query, key), at(query / block * block, key / block * block));
      kept += at(query, key);
    }
  EXPECT_GT(kept, 0);
  EXPECT_LT(kept, 32 * 32);
}

TEST(HeadMapTest, TokensThatACascadeDropsAreEmptyColumnsFromThenOn) {
  for (const char* machine : {"hdp_edge", "spatten"}) {
    SCOPED_TRACE(machine);
    const std::string prefix = machine == std::string("spatten") ? "prune.token" : "cascade.token";
    const Workload workload = trace_of(24, 3);
    const auto columns = [&](std::int64_t layer) {
      const HeadMap map = map_of(machine, {prefix + ".keep=linear"}, workload, {layer, 0});
      std::vector<bool> used(24);
      for (std::int64_t query = 0; query < 24; ++query)
        for (std::size_t key = 0; key < 24; ++key)
          if (map.kept.row(query)[key] != 0) used[key] = true;
      return used;
    };
    const std::vector<bool> first = columns(0), last = columns(2);
    EXPECT_LT(std::ranges::count(last, true), 24);
    for (std::size_t key = 0; key < 24; ++key) EXPECT_LE(last[key], first[key]) << key;
  }
}

TEST(HeadMapTest, HeadsThatAreNotThereAreRefusedByName) {
  const auto refusal = [](HeadName head) -> std::string {
    try {
      (void)map_of("hdp_edge", {}, trace_of(8), head);
    } catch (const UserError& mistake) {
      return mistake.what();
    }
    return "";
  };
  EXPECT_NE(refusal({1, 0}).find("has no layer 1; allowed: layers 0 to 0"), std::string::npos);
  EXPECT_NE(refusal({0, 2}).find("has no head 2; allowed: heads 0 to 1"), std::string::npos);
  EXPECT_NE(refusal({-1, 0}).find("map -1:0"), std::string::npos);
}

}  // namespace
}  // namespace hdp::test
