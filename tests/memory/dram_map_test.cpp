// SPDX-License-Identifier: Apache-2.0
// The maps that memories are shipped with, on the sequential streams of several cores.
#include <vector>

#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/memory/dram_energy.hpp>

namespace hdp {
namespace {

constexpr std::uint64_t kStream = 256 * 1024, kRequest = 256;

/// Every core reads its own 256 KiB, 256 bytes in turns: `tools/compare_maps.py` prints the table.
DramResult play(const DramConfig& config, std::uint64_t cores) {
  const auto access = static_cast<std::uint64_t>(config.organisation.access_bytes());
  std::vector<DramRequest> requests;
  for (std::uint64_t at = 0; at < kStream; at += kRequest)
    for (std::uint64_t core = 0; core < cores; ++core)
      for (std::uint64_t byte = 0; byte < kRequest; byte += access)
        requests.push_back({core * kStream + at + byte, 0, false});
  return run_requests(config, requests, DramFeed::Inorder);
}

DramConfig with_map(const char* memory, const char* map) {
  DramConfig config = shipped_memory(memory);
  config.map = map;
  return config;
}

TEST(DramMapTest, AStreamOnAShippedMapFillsTheBusAndUsesItsRows) {
  for (const char* memory : {"ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000"}) {
    const DramConfig config = shipped_memory(memory);
    const DramResult result = play(config, 1);
    EXPECT_GT(result.bandwidth_fraction(config), 0.92) << memory;
    const double row =
        static_cast<double>(config.organisation.columns * config.organisation.bus_bytes);
    EXPECT_GT(*result.bytes_per_activation(config), 0.8 * row) << memory;
    EXPECT_TRUE(dram_remarks({config, result}).empty()) << memory;
  }
}

TEST(DramMapTest, TheBankGroupBelowTheColumnKeepsTccdLAway) {
  const DramConfig below = with_map("ddr4_2400r", "ro ba ra co bg ch");
  const DramConfig above = with_map("ddr4_2400r", "ro ba ra bg co ch");
  const DramResult fast =
      run_requests(below, pattern_for(below, "seq", 100'000), DramFeed::Inorder);
  const DramResult slow =
      run_requests(above, pattern_for(above, "seq", 100'000), DramFeed::Inorder);
  EXPECT_NEAR(fast.bandwidth_fraction(below), 0.95, 0.01);
  EXPECT_NEAR(slow.bandwidth_fraction(above), 0.75, 0.01);
  EXPECT_EQ(slow.limiter().limit, DramLimit::BankGroup);
  const auto remarks = dram_remarks({above, slow});
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_NE(remarks.front().find("tCCD_L"), std::string::npos);
}

TEST(DramMapTest, AFoldedBankKeepsStreamsApartThatLieAPowerOfTwoApart) {
  for (const char* memory : {"ddr4_2400r", "ddr4_3200aa", "hbm2_2000"}) {
    const DramConfig plain = shipped_memory(memory);
    const DramConfig folded = with_map(memory, "ro ba^ro ra co bg pc ch");
    const DramResult before = play(plain, 4), after = play(folded, 4);
    EXPECT_GT(after.bandwidth_fraction(folded), 0.89) << memory;
    EXPECT_GT(*after.bytes_per_activation(folded), 5 * *before.bytes_per_activation(plain));
  }
}

TEST(DramMapTest, RowsOfSeveralCoresStayOpenLongerThanWithTheColumnOnTop) {
  for (const char* memory : {"ddr4_2400r", "ddr4_3200aa", "lpddr4_3200", "hbm2_2000"})
    for (const std::uint64_t cores : {2U, 4U}) {
      const DramConfig shipped = shipped_memory(memory);
      const DramConfig spread = with_map(memory, "ro co ba bg ra pc ch");
      const DramResult good = play(shipped, cores), poor = play(spread, cores);
      EXPECT_GT(*good.bytes_per_activation(shipped), 1.8 * *poor.bytes_per_activation(spread))
          << memory << " " << cores;
      EXPECT_LT(energy_of(shipped, good).core_pj(), energy_of(spread, poor).core_pj());
      const auto remarks = dram_remarks({spread, poor});
      ASSERT_FALSE(remarks.empty());
      EXPECT_NE(remarks.front().find("keeps a stream in its rows"), std::string::npos);
    }
}

}  // namespace
}  // namespace hdp
