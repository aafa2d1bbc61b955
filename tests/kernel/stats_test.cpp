// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <gtest/gtest.h>

#include <hdp/kernel/stats.hpp>

namespace hdp {
namespace {

struct LinkStats {
  std::int64_t sent = 0;
  std::int64_t dropped = 0;
  static constexpr std::array<Stat<LinkStats>, 2> kFields{{
      {&LinkStats::sent, "sent", "messages", "Messages handed on."},
      {&LinkStats::dropped, "dropped", "messages", "Messages lost."},
  }};
};

struct Forgetful {
  std::int64_t sent = 0;
  std::int64_t dropped = 0;
  static constexpr std::array<Stat<Forgetful>, 1> kFields{
      {{&Forgetful::sent, "sent", "messages", "Messages handed on."}}};
};

struct Silent {
  std::int64_t sent = 0;
};

static_assert(Stats<LinkStats>);
static_assert(!Stats<Forgetful>, "a counter without a line in the table");
static_assert(!Stats<Silent>);

TEST(StatsTest, SinceSubtractsEveryCounter) {
  const LinkStats warm{10, 1};
  const LinkStats delta = since(LinkStats{25, 4}, warm);
  EXPECT_EQ(delta.sent, 15);
  EXPECT_EQ(delta.dropped, 3);
}

TEST(StatsTest, CountersAreNamedInTheOrderOfTheTable) {
  std::string text;
  for_each_stat(LinkStats{7, 8}, [&](std::string_view name, std::string_view unit,
                                     std::string_view doc, std::int64_t value) {
    text.append(name).append("=").append(std::to_string(value));
    text.append(" ").append(unit).append(" (").append(doc).append(") ");
  });
  EXPECT_EQ(text, "sent=7 messages (Messages handed on.) dropped=8 messages (Messages lost.) ");
}

}  // namespace
}  // namespace hdp
