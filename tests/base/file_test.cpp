// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/tensor_file.hpp"
#include <hdp/base/file.hpp>
#include <hdp/base/output.hpp>

namespace hdp {
namespace {

using test::error_of;
namespace fs = std::filesystem;

/// A fresh folder that is gone after the test.
class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hdp_file_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_))
      found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }

  fs::path folder_;
};

TEST_F(FileTest, WhatIsWrittenReadsBackAndNothingElseIsLeft) {
  const std::string content("two\nlines\0and a zero", 20);
  write_file(folder_ / "a.json", content);
  EXPECT_EQ(read_text(folder_ / "a.json"), content);
  EXPECT_EQ(names(), std::vector<std::string>{"a.json"});
}

TEST_F(FileTest, WritingReplacesTheWholeFile) {
  write_file(folder_ / "a", "a long first text");
  write_file(folder_ / "a", "short");
  EXPECT_EQ(read_text(folder_ / "a"), "short");
  write_file(folder_ / "a", "");
  EXPECT_EQ(read_text(folder_ / "a"), "");
  EXPECT_EQ(names().size(), 1U);
}

TEST_F(FileTest, AReaderOfTheOldFileStillSeesItWhole) {
  write_file(folder_ / "a", "old text");
  const MappedFile old(folder_ / "a");
  write_file(folder_ / "a", "new");
  EXPECT_EQ(std::memcmp(old.bytes().data(), "old text", 8), 0);
  EXPECT_EQ(old.bytes().size(), 8U);
}

TEST_F(FileTest, AFolderThatIsNotThereIsAnErrorThatNamesTheFile) {
  const fs::path path = folder_ / "missing" / "a.json";
  EXPECT_EQ(error_of([&] { write_file(path, "x"); }),
            path.string() + ": cannot write: No such file or directory");
}

TEST_F(FileTest, AFolderThatIsAFileIsAnError) {
  write_file(folder_ / "file", "x");
  EXPECT_EQ(error_of([&] { write_file(folder_ / "file" / "a", "x"); }),
            (folder_ / "file" / "a").string() + ": cannot write: Not a directory");
}

TEST_F(FileTest, AFolderInTheWayIsAnErrorAndNoPartialFileIsLeft) {
  fs::create_directory(folder_ / "taken");
  EXPECT_EQ(error_of([&] { write_file(folder_ / "taken", "x"); }),
            (folder_ / "taken").string() + ": cannot write: Is a directory");
  EXPECT_EQ(names(), std::vector<std::string>{"taken"});
}

TEST_F(FileTest, ALinkStaysAndTheFileBehindItIsReplaced) {
  write_file(folder_ / "target", "old");
  fs::create_symlink("target", folder_ / "link");
  write_file(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_text(folder_ / "target"), "new");
  EXPECT_EQ(names(), (std::vector<std::string>{"link", "target"}));
}

TEST_F(FileTest, ADeviceIsWrittenAndNotReplaced) {
  fs::create_symlink("/dev/null", folder_ / "sink");
  write_file(folder_ / "sink", "gone");
  EXPECT_TRUE(fs::is_character_file(folder_ / "sink"));
  EXPECT_EQ(names(), std::vector<std::string>{"sink"});
}

TEST_F(FileTest, APipeIsNoInput) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(error_of([&] { (void)read_text(folder_ / "pipe"); }),
            (folder_ / "pipe").string() + ": cannot read: Invalid argument");
}

TEST_F(FileTest, AFolderWithoutPermissionIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(error_of([&] { write_file(folder_ / "a", "x"); }),
            (folder_ / "a").string() + ": cannot write: Permission denied");
  EXPECT_EQ(error_of([&] { make_folder(folder_); }),
            folder_.string() + ": cannot write into folder: Permission denied");
  fs::permissions(folder_, fs::perms::owner_all);
}

TEST_F(FileTest, MakeFolderMakesTheParentsToo) {
  make_folder(folder_ / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b"));
  make_folder(folder_ / "a" / "b");
  write_file(folder_ / "file", "x");
  EXPECT_EQ(error_of([&] { make_folder(folder_ / "file" / "c"); }),
            (folder_ / "file" / "c").string() + ": cannot create folder: Not a directory");
}

TEST_F(FileTest, MappingWhatIsNoFileIsAnErrorThatSaysWhy) {
  EXPECT_EQ(error_of([&] { const MappedFile file(folder_ / "none"); }),
            (folder_ / "none").string() + ": cannot open: No such file or directory");
  EXPECT_EQ(error_of([&] { const MappedFile file(folder_); }),
            folder_.string() + ": cannot read: Is a directory");
  EXPECT_EQ(error_of([&] { const MappedFile file("/dev/null"); }),
            "/dev/null: cannot read: Invalid argument");
}

TEST_F(FileTest, AnEmptyFileMapsToNothing) {
  write_file(folder_ / "empty", "");
  const MappedFile file(folder_ / "empty");
  EXPECT_TRUE(file.bytes().empty());
}

TEST_F(FileTest, AMappedFileMovesWithItsBytes) {
  write_file(folder_ / "a", "first");
  write_file(folder_ / "b", "second!");
  MappedFile a(folder_ / "a");
  const auto* const data = a.bytes().data();
  MappedFile moved = std::move(a);
  EXPECT_EQ(moved.bytes().data(), data);
  EXPECT_EQ(moved.bytes().size(), 5U);
  moved = MappedFile(folder_ / "b");
  EXPECT_EQ(std::memcmp(moved.bytes().data(), "second!", 7), 0);
}

}  // namespace
}  // namespace hdp
