// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"
#include "support/tensor_file.hpp"
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>
#include <hdp/base/output_lock.hpp>

namespace hdp {
namespace {

using OutputLockTest = test::TemporaryFolder;

TEST_F(OutputLockTest, ASecondOneIsRefusedAndToldWhoHasIt) {
  std::optional<OutputLock> first(folder_ / "out");
  const std::string refused = test::error_of([&] { const OutputLock second(folder_ / "out"); });
  EXPECT_THAT(refused, testing::StartsWith((folder_ / "out").string() +
                                           ": is being written by another hdpsim (pid " +
                                           std::to_string(::getpid()) + " on "));
  const OutputLock other(folder_ / "elsewhere");
  first.reset();
  const OutputLock third(folder_ / "out");
}

TEST_F(OutputLockTest, ItsFileGoesWithIt) {
  { const OutputLock lock(folder_ / "out"); }
  EXPECT_TRUE(names().empty());
}

TEST_F(OutputLockTest, MovedItIsHeldOnce) {
  OutputLock lock(folder_ / "out");
  const OutputLock moved = std::move(lock);
  EXPECT_NE(test::error_of([&] { const OutputLock second(folder_ / "out"); }), "");
  EXPECT_EQ(moved.file(), lock_name(folder_ / "out"));
}

TEST_F(OutputLockTest, OneThatAKilledProcessLeftIsFree) {
  const pid_t child = ::fork();
  if (child == 0) {
    const OutputLock lock(folder_ / "out");
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(names().size(), 1U);
  { const OutputLock lock(folder_ / "out"); }
  EXPECT_TRUE(names().empty());
}

TEST_F(OutputLockTest, ALinkInItsPlaceIsNotFollowed) {
  write_file(folder_ / "victim", "precious");
  std::filesystem::create_symlink("victim", lock_name(folder_ / "out"));
  EXPECT_THAT(test::error_of([&] { const OutputLock lock(folder_ / "out"); }),
              testing::HasSubstr("out: cannot write: Too many levels of symbolic links"));
  EXPECT_EQ(read_text(folder_ / "victim"), "precious");
}

}  // namespace
}  // namespace hdp
