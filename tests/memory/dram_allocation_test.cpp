// SPDX-License-Identifier: Apache-2.0
// A request costs no allocation, whatever it is.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <support/allocation_counter.hpp>

#include "memory/dram_bench.hpp"
#include "memory/dram_router.hpp"
#include <hdp/memory/dram_channel.hpp>

namespace hdp {
namespace {

/// Feeds one channel as fast as it accepts, and forgets the results.
class Feeder {
 public:
  explicit Feeder(const DramConfig& config)
      : router_(config), channel_(make_dram_channel(config)) {}

  void play(std::span<const DramRequest> requests) {
    for (const DramRequest& request : requests) {
      DramAccess access;
      router_.route(request.address, request.write, access);
      while (!channel_->can_accept(access)) tick();
      channel_->send(access, now_);
      if (access.tag % 3 == 0) tick();
    }
    for (int i = 0; i < 2'000; ++i) tick();
  }

 private:
  void tick() {
    channel_->tick(now_);
    now_ = now_ + Cycles{1};
  }
  DramRouter router_;
  std::unique_ptr<DramChannel> channel_;
  Cycle now_{};
};

TEST(DramAllocationTest, TheSteadyStateAllocatesNothing) {
  for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues})
    for (const char* pattern : {"seq", "rand", "mixseq", "mix3", "conflict", "attn128r"}) {
      DramConfig config = shipped_memory("ddr4_2400r");
      config.controller = controller;
      const auto requests = pattern_for(config, pattern, 12'000);
      ASSERT_GT(requests.size(), 10'000U);
      Feeder feeder(config);
      feeder.play(std::span(requests).first(6'000));
      EXPECT_EQ(test::allocations_in([&] { feeder.play(std::span(requests).subspan(6'000)); }), 0)
          << pattern << " " << name_of(controller);
    }
}

// Reads of a line that is being read, and of lines that wait to be written.
TEST(DramAllocationTest, RidersAllocateNothing) {
  for (const auto controller : {DramController::FrfcfsSharedQueue, DramController::BankQueues}) {
    DramConfig config = shipped_memory("ddr4_2400r");
    config.controller = controller;
    std::vector<DramRequest> requests;
    for (std::uint64_t i = 0; i < 8'000; ++i)
      requests.push_back({.address = (i / 16) * 64, .not_before = 0, .write = i % 16 == 15});
    Feeder feeder(config);
    feeder.play(std::span(requests).first(4'000));
    EXPECT_EQ(test::allocations_in([&] { feeder.play(std::span(requests).subspan(4'000)); }), 0)
        << name_of(controller);
  }
}

}  // namespace
}  // namespace hdp
