// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/base/parallel.hpp>
#include <hdp/base/shared_cache.hpp>

namespace hdp {
namespace {

constexpr auto kTen = [](int) { return std::size_t{10}; };

TEST(SharedCacheTest, AValueIsMadeOnce) {
  SharedCache cache(100);
  int made = 0;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(*cache.get(
                  "a", [&] { return ++made; }, kTen),
              1);
  EXPECT_EQ(cache.counts().made, 1);
  EXPECT_EQ(cache.counts().found, 2);
}

TEST(SharedCacheTest, WhatWasUsedLastStays) {
  SharedCache cache(30);
  const auto ask = [&](const std::string& key) {
    bool made = false;
    cache.get(
        key, [&] { return made = true; }, [](bool) { return std::size_t{10}; });
    return made;
  };
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(ask(key));
  EXPECT_FALSE(ask("a"));
  EXPECT_TRUE(ask("d"));  // b goes
  EXPECT_FALSE(ask("a"));
  EXPECT_FALSE(ask("c"));
  EXPECT_TRUE(ask("b"));
}

TEST(SharedCacheTest, WhatTakesMoreThanHalfIsNotKept) {
  SharedCache cache(30);
  int made = 0;
  for (int i = 0; i < 2; ++i)
    cache.get(
        "a", [&] { return ++made; }, [](int) { return std::size_t{16}; });
  EXPECT_EQ(made, 2);
}

TEST(SharedCacheTest, AFailureIsTheMakersAndIsForgotten) {
  SharedCache cache(30);
  const auto fail = [&] {
    return cache.get(
        "a", []() -> int { throw std::runtime_error("no"); }, kTen);
  };
  EXPECT_THROW(fail(), std::runtime_error);
  EXPECT_EQ(*cache.get(
                "a", [] { return 7; }, kTen),
            7);
}

TEST(SharedCacheTest, ThreadsThatAskForTheSameWaitForOne) {
  for (int round = 0; round < 50; ++round) {
    SharedCache cache(1000);
    std::atomic<int> made{0};
    std::vector<int> got(64);
    parallel_for(got.size(), 4, [&](std::size_t i) {
      got[i] = *cache.get(
          std::to_string(i % 4),
          [&] {
            ++made;
            return static_cast<int>(i % 4);
          },
          kTen);
    });
    EXPECT_EQ(made, 4);
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], static_cast<int>(i % 4));
  }
}

}  // namespace
}  // namespace hdp
