// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"
#include "support/tensor_file.hpp"
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>

namespace hdp {
namespace {

using test::error_of;
namespace fs = std::filesystem;

using FileTest = test::TemporaryFolder;

TEST_F(FileTest, AReaderOfTheOldFileStillSeesItWhole) {
  write_file(folder_ / "a", "old text");
  const InputFile old(folder_ / "a");
  write_file(folder_ / "a", "new");
  EXPECT_EQ(std::memcmp(old.bytes().data(), "old text", 8), 0);
  EXPECT_EQ(old.bytes().size(), 8U);
}

TEST_F(FileTest, APipeIsNoInput) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(error_of([&] { (void)read_text(folder_ / "pipe"); }),
            (folder_ / "pipe").string() + ": is a pipe; allowed: a regular file");
}

TEST_F(FileTest, ReadingWhatIsNoFileIsAnErrorThatSaysWhy) {
  EXPECT_EQ(error_of([&] { const InputFile file(folder_ / "none"); }),
            (folder_ / "none").string() + ": cannot open: No such file or directory");
  EXPECT_EQ(error_of([&] { const InputFile file(folder_); }),
            folder_.string() + ": cannot read: Is a directory");
  EXPECT_EQ(error_of([&] { const InputFile file("/dev/null"); }),
            "/dev/null: is a device; allowed: a regular file");
}

TEST_F(FileTest, AnEmptyFileHasNoBytes) {
  write_file(folder_ / "empty", "");
  const InputFile file(folder_ / "empty");
  EXPECT_TRUE(file.bytes().empty());
}

TEST_F(FileTest, AnInputFileMovesWithItsBytes) {
  write_file(folder_ / "a", "first");
  write_file(folder_ / "b", "second!");
  InputFile a(folder_ / "a");
  const auto* const data = a.bytes().data();
  InputFile moved = std::move(a);
  EXPECT_EQ(moved.bytes().data(), data);
  EXPECT_EQ(moved.bytes().size(), 5U);
  moved = InputFile(folder_ / "b");
  EXPECT_EQ(std::memcmp(moved.bytes().data(), "second!", 7), 0);
}

}  // namespace
}  // namespace hdp
