// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>

#include <hdp/base/parallel.hpp>

namespace hdp {
namespace {

TEST(ParallelForTest, EveryIndexIsVisitedOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 8U}) {
    for (const std::size_t count : {0UL, 1UL, 2UL, 7UL, 1'000UL}) {
      std::vector<std::atomic<int>> visits(count);
      parallel_for(count, threads, [&](std::size_t i) { ++visits.at(i); });
      EXPECT_TRUE(std::ranges::all_of(visits, [](const auto& v) { return v == 1; }))
          << count << " on " << threads;
    }
  }
}

TEST(ParallelForTest, OneThreadIsTheCallersAndGoesInOrder) {
  std::vector<std::size_t> order;
  const auto caller = std::this_thread::get_id();
  parallel_for(5, 1, [&](std::size_t i) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    order.push_back(i);
  });
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(ParallelForTest, AsManyThreadsAsAskedForWorkAtATime) {
  // Each of the three waits until all three are there: fewer threads would never return.
  std::atomic<int> arrived{0};
  parallel_for(3, 3, [&](std::size_t) {
    ++arrived;
    while (arrived < 3) std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 3);
}

TEST(ParallelForTest, AnExceptionReachesTheCallerAfterAllThreadsHaveStopped) {
  for (const unsigned threads : {1U, 3U}) {
    std::atomic<int> running{0};
    std::atomic<int> begun{0};
    try {
      parallel_for(100'000, threads, [&](std::size_t i) {
        ++running;
        ++begun;
        if (i == 5) {
          --running;
          throw std::runtime_error("index " + std::to_string(i));
        }
        --running;
      });
      FAIL() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "index 5");
    }
    EXPECT_EQ(running, 0);
    if (threads == 1) {
      EXPECT_EQ(begun, 6) << "the rest is not begun";
    }
  }
}

TEST(ParallelForTest, OneOfSeveralExceptionsIsRethrown) {
  EXPECT_THROW(parallel_for(50, 3, [](std::size_t) { throw std::invalid_argument("all"); }),
               std::invalid_argument);
}

TEST(ParallelForTest, WhereTheSystemStartsNoThreadTheCallerDoesTheWork) {
  pthread_attr_t usual, endless;
  ASSERT_EQ(::pthread_getattr_default_np(&usual), 0);
  ASSERT_EQ(::pthread_getattr_default_np(&endless), 0);
  ASSERT_EQ(::pthread_attr_setstacksize(&endless, std::size_t{1} << 47U), 0);  // all addresses
  ASSERT_EQ(::pthread_setattr_default_np(&endless), 0);
  EXPECT_THROW(std::thread([] {}).join(), std::system_error);
  std::vector<std::thread::id> by(100);
  parallel_for(by.size(), 8, [&](std::size_t i) { by[i] = std::this_thread::get_id(); });
  ASSERT_EQ(::pthread_setattr_default_np(&usual), 0);
  EXPECT_EQ(std::ranges::count(by, std::this_thread::get_id()), 100);
}

}  // namespace
}  // namespace hdp
