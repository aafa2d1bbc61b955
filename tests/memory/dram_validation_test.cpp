// SPDX-License-Identifier: Apache-2.0
// Settings that are impossible together are refused, and the message names both.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/base/error.hpp>
#include <hdp/config/assign.hpp>

namespace hdp {
namespace {

std::string refusal_of(const std::string& change) {
  DramConfig config = shipped_memory("ddr4_2400r");
  set_value(config, change);
  try {
    validate(config);
  } catch (const UserError& mistake) {
    return mistake.what();
  }
  return "accepted";
}

TEST(DramValidationTest, ImpossiblePairsAreRefusedWithBothPaths) {
  EXPECT_EQ(refusal_of("timing.ras=52"),
            "/timing/rc: 55; allowed: at least timing.ras + timing.rp, 68");
  EXPECT_EQ(refusal_of("timing.rcd_write=40"),
            "/timing/ras: 39; allowed: at least timing.rcd_write, 40");
  EXPECT_EQ(refusal_of("timing.ccd_l=3"), "/timing/ccd_l: 3; allowed: at least timing.ccd_s, 4");
  EXPECT_EQ(refusal_of("timing.rrd_s=9"), "/timing/rrd_l: 6; allowed: at least timing.rrd_s, 9");
  EXPECT_EQ(refusal_of("timing.wtr_l=1"), "/timing/wtr_l: 1; allowed: at least timing.wtr_s, 3");
  EXPECT_EQ(refusal_of("timing.cwl=17"), "/timing/cl: 16; allowed: at least timing.cwl, 17");
  EXPECT_THAT(
      refusal_of("timing.refi=400"),
      testing::StartsWith("/timing/refi: 400; allowed: at least timing.rfc + timing.rc + "));
  EXPECT_THAT(refusal_of("timing.rfc=9364"), testing::HasSubstr("timing.rfc"));
  EXPECT_EQ(refusal_of("timing.burst=2"),
            "/timing/burst: 2; allowed: organisation.burst_length / "
            "organisation.transfers_per_cycle, 8 / 2");
  EXPECT_THAT(refusal_of("organisation.burst_length=16"), testing::StartsWith("/timing/burst: 4"));
  EXPECT_EQ(refusal_of("organisation.devices_per_rank=64"), "accepted");
  EXPECT_THAT(refusal_of("organisation.bus_bytes=1"), testing::HasSubstr("accepted"));
  EXPECT_EQ(refusal_of("queues.write_low=0.9"),
            "/queues/write_high: 0.8; allowed: at least queues.write_low, 0.9");
}

TEST(DramValidationTest, CurrentsBelowStandbyAreRefused) {
  for (const char* change :
       {"currents.idd0=42", "currents.idd4r=1", "currents.idd4w=1", "currents.idd5ab=1",
        "currents.idd2n=44", "currents.idd3n=500", "currents.idd2p=35", "currents.idd3p=44"})
    EXPECT_THAT(refusal_of(change), testing::AllOf(testing::StartsWith("/currents/"),
                                                   testing::HasSubstr("at least currents.")))
        << change;
}

TEST(DramValidationTest, WhatIsOffDoesNotContradict) {
  DramConfig config = shipped_memory("ddr4_2400r");
  config.refresh = false;
  config.timing.refi = 1;
  EXPECT_NO_THROW(validate(config));
}

TEST(DramValidationTest, AStreamEndsWhereTheRefreshIntervalIsTheShortestAllowed) {
  for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues})
    for (const std::int64_t ranks : {1, 4}) {
      DramConfig config = shipped_memory("ddr4_2400r");
      config.controller = controller;
      config.organisation.ranks = ranks;
      config.timing.refi = config.timing.rfc + config.timing.rc + config.timing.rp + 16;
      EXPECT_NO_THROW(validate(config));
      for (const char* pattern : {"conflict", "mix3", "rand"})
        EXPECT_GT(run_requests(config, pattern_for(config, pattern, 500), DramFeed::Inorder).cycles,
                  0);
    }
}

}  // namespace
}  // namespace hdp
