// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>

namespace hdp {
namespace {

TEST(UserErrorTest, TheMessageHasAllPartsInOneLine) {
  const UserError error({.path = "run.json: /prune/rho",
                         .problem = "1.5 is outside the range",
                         .unit = "share",
                         .allowed = "-1 to 1",
                         .nearest = "rho"});
  EXPECT_STREQ(error.what(),
               "run.json: /prune/rho: 1.5 is outside the range [share]; allowed: -1 to 1; "
               "did you mean 'rho'?");
  EXPECT_EQ(error.mistake().path, "run.json: /prune/rho");
  EXPECT_EQ(error.mistake().unit, "share");
}

TEST(UserErrorTest, EmptyPartsLeaveNoTrace) {
  EXPECT_STREQ(UserError({.problem = "no text"}).what(), "no text");
  EXPECT_STREQ(UserError({.path = "a", .problem = "b"}).what(), "a: b");
  EXPECT_STREQ(UserError({.problem = "b", .allowed = "c"}).what(), "b; allowed: c");
}

TEST(UserErrorTest, WithinPutsThePrefixBeforeThePath) {
  const UserError inner({.path = "/rho", .problem = "2 is too large", .unit = "share"});
  EXPECT_STREQ(inner.within("a.json").what(), "a.json: /rho: 2 is too large [share]");
  EXPECT_STREQ(UserError({.problem = "empty"}).within("a.json").what(), "a.json: empty");
  EXPECT_EQ(inner.mistake().path, "/rho") << "the original stays as it is";
}

RC_GTEST_PROP(UserErrorTest, TheMessageIsPrintableWhateverTheInputHolds,
              (std::string path, std::string problem)) {
  const std::string text = UserError({.path = path, .problem = problem, .unit = path}).what();
  RC_ASSERT(std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
}

TEST(UserErrorTest, ControlCharactersAreEscaped) {
  EXPECT_STREQ(UserError({.path = "a\nb", .problem = "c\td\x7f\x1b"}).what(),
               "a\\nb: c\\x09d\\x7f\\x1b");
}

constexpr std::array<std::string_view, 5> kNames{"word_bits", "fraction_bits", "block_size", "rho",
                                                 "tau"};

TEST(NearestNameTest, AMisspeltNameFindsTheOneThatWasMeant) {
  EXPECT_EQ(nearest_name("fraction_bit", kNames), "fraction_bits");
  EXPECT_EQ(nearest_name("wordbits", kNames), "word_bits");
  EXPECT_EQ(nearest_name("blok_syze", kNames), "block_size");
  EXPECT_EQ(nearest_name("tao", kNames), "tau");
  EXPECT_EQ(nearest_name("rho", kNames), "rho");
}

TEST(NearestNameTest, NothingIsNearAStrangeName) {
  EXPECT_EQ(nearest_name("completely_different_thing", kNames), "");
  EXPECT_EQ(nearest_name("xyz", kNames), "");
  EXPECT_EQ(nearest_name("rho", {}), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), kNames), "");
}

TEST(NearestNameTest, TheFirstOfEquallyNearNamesWins) {
  constexpr std::array<std::string_view, 3> names{"bat", "cat", "rat"};
  EXPECT_EQ(nearest_name("hat", names), "bat");
}

void want_two(int count) { HDP_CHECK(count == 2, "two of them"); }

TEST(CheckTest, ABrokenInvariantNamesPlaceMessageAndCondition) {
  want_two(2);
  try {
    want_two(3);
    FAIL() << "no exception";
  } catch (const LogicFault& fault) {
    const std::string text = fault.what();
    EXPECT_TRUE(text.starts_with("error_test.cpp:")) << text;
    EXPECT_TRUE(text.ends_with(": two of them (violated: count == 2)")) << text;
  }
}

}  // namespace
}  // namespace hdp
