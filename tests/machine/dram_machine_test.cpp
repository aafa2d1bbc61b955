// SPDX-License-Identifier: Apache-2.0
// Machines on real DRAM: identities, both clocks, and foreign memories.
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "memory/stand_in_memory.hpp"
#include "support/catalog.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/machine/hdp/run.hpp>
#include <hdp/memory/dram_energy.hpp>
#include <hdp/report/run_report.hpp>

namespace hdp {
namespace {

using test::kCatalog;
using test::kConfigs;

constexpr const char* kTrace = "/workloads/minilm_sotu_n64.safetensors";

HdpConfig machine(const std::vector<std::string>& changes) {
  return resolve_hdp(kCatalog, "hdp_edge", changes);
}

const Trace& trace() {
  static const Trace kept = load_trace(kConfigs + kTrace);
  return kept;
}

class DramMachineTest : public testing::TestWithParam<std::string> {};

TEST_P(DramMachineTest, CountsAgree) {
  const HdpConfig config = machine({GetParam()});
  const HdpResult result = run_hdp(config, trace(), {.fidelity = false, .threads = 2});
  ASSERT_TRUE(result.dram);
  const DramResult& dram = result.dram->result;
  const DramStats& stats = dram.total;
  const DramConfig& device = config.memory.dram;
  // What is moved are bursts; what has none was merged or answered from a write, and no write is
  // left behind.
  EXPECT_EQ(result.memory.moved_bytes, dram.bursts() * device.organisation.access_bytes());
  EXPECT_EQ(stats.buffered_writes, 0);
  EXPECT_EQ(dram.bursts() + stats.forwarded_reads + stats.merged_reads + stats.merged_writes,
            stats.reads + stats.writes);
  EXPECT_EQ(std::accumulate(result.read_bytes.begin(), result.read_bytes.end(), std::int64_t{0}),
            result.memory.read_bytes);
  EXPECT_EQ(stats.read_latencies.count(), stats.reads);
  // The clock of the memory: the last cycle that begins in the run.
  const std::int64_t ps = result.cycles * 1'000'000 / config.clock_mhz;
  EXPECT_EQ(dram.cycles, ceil_div(ps, device.timing.tck_ps));
  EXPECT_LE(dram.bandwidth_fraction(device), 1.0);
  for (std::size_t i = 0; i < kDramLimits; ++i)
    EXPECT_LE(dram.share_of(static_cast<DramLimit>(i)), 1.0) << i;
  // Energy is that of the commands and currents.
  double memory = 0;
  for (const UnitCost& unit : result.energy.energy_pj)
    if (unit.instance == "memory") memory = unit.total();
  EXPECT_DOUBLE_EQ(memory, energy_of(device, dram).total_pj());
}

TEST_P(DramMachineTest, SkippingIdleCyclesChangesNothing) {
  const auto machine_of_test = make_machine(machine({GetParam(), "core.pe_array.precision=split"}));
  const Workload workload(trace());
  const auto text = [&](IdleCycles idle_cycles) {
    const PlayOptions options{.fidelity = false, .idle_cycles = idle_cycles};
    return report_json({.run = play(*machine_of_test, workload, options)}, true);
  };
  EXPECT_EQ(text(IdleCycles::Skip), text(IdleCycles::Visit));
}

INSTANTIATE_TEST_SUITE_P(Memories, DramMachineTest,
                         testing::Values("memory.model=ddr4_2400r", "memory.model=lpddr4_3200",
                                         "memory.model=hbm2_2000", "memory.model=hbm2_stock",
                                         "memory.dram.controller=bank_queues"));

TEST(ForeignMemoryTest, TakesThePlaceOfTheConfigured) {
  const PlayOptions options{.fidelity = false, .memory = [] {
                              return std::make_unique<test::StandInMemory>(test::StandInConfig{
                                  .access_bytes = 64, .tck_ps = 1'000, .latency = 50});
                            }};
  const HdpResult result = run_hdp(machine({}), trace(), options);
  EXPECT_TRUE(result.foreign_memory);
  EXPECT_FALSE(result.dram);
  // One access of 64 bytes a cycle: no run is shorter than its accesses.
  EXPECT_GE(result.cycles, result.memory.moved_bytes / 64);
  // Its own decisions are untouched by the memory.
  EXPECT_EQ(result.decisions.blocks_pruned,
            run_hdp(machine({}), trace(), {.fidelity = false}).decisions.blocks_pruned);
}

TEST(ResolveTest, AMemoryIsTakenByNameAndChangedBySettings) {
  const HdpConfig config = machine({"memory.model=hbm2_2000", "memory.dram.queues.read_entries=7"});
  EXPECT_EQ(config.memory.model, kInlineDram);
  EXPECT_EQ(config.memory.dram.name, "hbm2_2000");
  EXPECT_EQ(config.memory.dram.queues.read_entries, 7);
  EXPECT_EQ(machine({"memory.model=ideal"}).memory.model, kIdealMemory);
}

TEST(ResolveTest, AnUnknownMemoryIsAMistake) {
  EXPECT_THROW(machine({"memory.model=ddr9"}), UserError);
  EXPECT_THROW(machine({"memory.dram.map=ro co"}), UserError);
}

TEST(ResolveTest, WhatHasNotBeenResolvedIsRefused) {
  HdpConfig config;
  config.memory.model = "hbm2_2000";
  EXPECT_THROW(validate(config), UserError);
}

}  // namespace
}  // namespace hdp
