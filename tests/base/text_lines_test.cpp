// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/file_identity.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/text_lines.hpp>

namespace hdp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TextLinesTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::vector<std::string> lines(const std::string& text) {
    write_file(path_, text);
    TextLines from(path_);
    std::vector<std::string> all;
    for (std::string line; from.next(line);) {
      all.push_back(line);
      EXPECT_EQ(from.where(), path_.string() + ":" + std::to_string(all.size()));
    }
    EXPECT_EQ(from.bytes_read(), from.bytes());
    return all;
  }
  std::filesystem::path path_ = std::filesystem::path(::testing::TempDir()) / "text_lines_test";
};

TEST_F(TextLinesTest, EveryLineComesOnce) {
  EXPECT_THAT(lines(""), IsEmpty());
  EXPECT_THAT(lines("a"), ElementsAre("a"));
  EXPECT_THAT(lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(lines("a\n\nb\r\nc"), ElementsAre("a", "", "b\r", "c"));
}

TEST_F(TextLinesTest, ALineMayBeLongerThanWhatIsReadAtOnce) {
  for (const std::size_t size : {65535U, 65536U, 65537U, 200000U}) {
    const std::string line(size, 'x');
    EXPECT_THAT(lines(line + "\n" + line + "y\nz"), ElementsAre(line, line + "y", "z")) << size;
  }
}

TEST_F(TextLinesTest, TheFileIsInUse) {
  write_file(path_, "a");
  const TextLines from(path_);
  EXPECT_TRUE(is_file_in_use(*identity_of(path_)));
}

TEST_F(TextLinesTest, WhatIsNoFileIsRefused) {
  EXPECT_THROW(TextLines(path_ / "none"), UserError);
  EXPECT_THROW(TextLines("/dev/null"), UserError);
  EXPECT_THROW(TextLines("/"), UserError);
}

}  // namespace
}  // namespace hdp
