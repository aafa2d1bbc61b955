// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/one_line.hpp>

namespace hdp {
namespace {

TEST(OneLineTest, WhatOnlyShowsStaysAsItIs) {
  for (const std::string text :
       {"", "plain \\n text", "d\xc3\xa9j\xc3\xa0", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xc2\xa0"})
    EXPECT_EQ(one_line(text), text);
}

TEST(OneLineTest, ControlCharactersAreEscaped) {
  EXPECT_EQ(one_line("a\nb\r\tc\x1b[2J\x7f"), "a\\nb\\x0d\\x09c\\x1b[2J\\x7f");
  EXPECT_EQ(one_line(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(one_line("\xc2\x80\xc2\x85\xc2\x9f"), "\\u0080\\u0085\\u009f");
}

TEST(OneLineTest, WhatBreaksALineOrTurnsItsDirectionIsEscaped) {
  EXPECT_EQ(one_line("\xe2\x80\xa8\xe2\x80\xa9"), "\\u2028\\u2029");
  EXPECT_EQ(one_line("\xe2\x80\xaegpj\xe2\x81\xa6"), "\\u202egpj\\u2066");
  EXPECT_EQ(one_line("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), "\\u200e\\u200f\\u061c");
}

TEST(OneLineTest, BytesThatAreNoUtf8AreEscaped) {
  EXPECT_EQ(one_line("\x80\x9b\xff"), "\\x80\\x9b\\xff");
  EXPECT_EQ(one_line("\xe2\x82"), "\\xe2\\x82") << "cut off";
  EXPECT_EQ(one_line("\xc0\x8a"), "\\xc0\\x8a") << "overlong";
  EXPECT_EQ(one_line("\xe0\x80\x8a"), "\\xe0\\x80\\x8a") << "overlong";
  EXPECT_EQ(one_line("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(one_line("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(one_line("\xc3(\xe2(\x82"), "\\xc3(\\xe2(\\x82");
}

TEST(OneLineTest, ALongTextKeepsBothEnds) {
  const std::string text = std::string(5'000, 'a') + std::string(5'000, 'z');
  EXPECT_EQ(one_line(text, 20), "aaaaaaaaaa...zzzzzzzzzz");
  EXPECT_EQ(one_line("just twenty bytes...", 20), "just twenty bytes...");
  EXPECT_EQ(one_line(std::string(20, '\n'), 20), "\\n\\n\\n\\n\\n...\\n\\n\\n\\n\\n");
}

TEST(OneLineTest, NoCharacterIsCut) {
  std::string euros;
  for (int i = 0; i < 1'000; ++i) euros += "\xe2\x82\xac";
  for (std::size_t most = 8; most < 40; ++most)
    EXPECT_EQ(one_line(euros, most).find("\\x"), std::string::npos) << most;
}

RC_GTEST_PROP(OneLineTest, AnyBytesBecomePlainTextOfABoundedLength, (std::vector<char> bytes)) {
  const std::string text(bytes.begin(), bytes.end());
  const std::string line = one_line(text);
  RC_ASSERT(std::ranges::none_of(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
  RC_ASSERT(one_line(line) == line);
  RC_ASSERT(one_line(text, 30).size() <= 30U + 3 + 2 * 6);
}

TEST(UserErrorTest, AMessageIsClippedWhateverItQuotes) {
  const std::string endless(10'000'000, 'x');
  const UserError error({.path = endless,
                         .problem = endless,
                         .unit = endless,
                         .allowed = endless,
                         .nearest = endless});
  EXPECT_LT(std::string(error.what()).size(), 7'000U);
  EXPECT_EQ(error.mistake().problem.size(), endless.size());
}

}  // namespace
}  // namespace hdp
