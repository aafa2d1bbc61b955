// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/temporary_folder.hpp"
#include <hdp/base/appended_file.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>

namespace hdp {
namespace {

using AppendedFileTest = test::TemporaryFolder;

TEST_F(AppendedFileTest, PiecesStandOneBehindTheOtherAndStayWhenItIsOpenedAgain) {
  {
    AppendedFile file(folder_ / "a");
    EXPECT_EQ(file.append("one "), 0U);
    EXPECT_EQ(file.append("two"), 4U);
    file.sync();
    EXPECT_EQ(file.read(2, 3), "e t");
  }
  AppendedFile again(folder_ / "a");
  EXPECT_EQ(again.size(), 7U);
  EXPECT_EQ(again.read(4, 100), "two");
  again.cut(4);
  EXPECT_EQ(again.append("2"), 4U);
  EXPECT_EQ(read_text(folder_ / "a"), "one 2");
}

TEST_F(AppendedFileTest, WhatIsNoFileIsRefused) {
  EXPECT_THROW(AppendedFile(folder_ / "missing" / "a"), UserError);
  EXPECT_THROW(AppendedFile(folder_ / "."), UserError);
}

TEST_F(AppendedFileTest, OfAPieceThatDoesNotFitNothingStays) {
  AppendedFile file(folder_ / "a");
  file.append("12345678");
  struct rlimit usual {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  const struct rlimit narrow {
    12, usual.rlim_max
  };
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &narrow), 0);
  EXPECT_THROW(file.append("too long"), UserError);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(file.size(), 8U);
  EXPECT_EQ(read_text(folder_ / "a"), "12345678");
}

}  // namespace
}  // namespace hdp
