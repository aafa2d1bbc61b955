// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

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

using OutputTest = test::TemporaryFolder;

TEST_F(OutputTest, WhatIsWrittenReadsBackAndNothingElseIsLeft) {
  const std::string content("two\nlines\0and a zero", 20);
  write_file(folder_ / "a.json", content);
  EXPECT_EQ(read_text(folder_ / "a.json"), content);
  EXPECT_EQ(names(), std::vector<std::string>{"a.json"});
}

TEST_F(OutputTest, WritingReplacesTheWholeFile) {
  write_file(folder_ / "a", "a long first text");
  write_file(folder_ / "a", "short");
  EXPECT_EQ(read_text(folder_ / "a"), "short");
  write_file(folder_ / "a", "");
  EXPECT_EQ(read_text(folder_ / "a"), "");
  EXPECT_EQ(names().size(), 1U);
}

TEST_F(OutputTest, AFolderThatIsNotThereIsAnErrorThatNamesTheFile) {
  const fs::path path = folder_ / "missing" / "a.json";
  EXPECT_EQ(error_of([&] { write_file(path, "x"); }),
            path.string() + ": cannot write: No such file or directory");
}

TEST_F(OutputTest, AFolderThatIsAFileIsAnError) {
  write_file(folder_ / "file", "x");
  EXPECT_EQ(error_of([&] { write_file(folder_ / "file" / "a", "x"); }),
            (folder_ / "file" / "a").string() + ": cannot write: Not a directory");
}

TEST_F(OutputTest, AFolderInTheWayIsAnErrorAndNoPartialFileIsLeft) {
  fs::create_directory(folder_ / "taken");
  EXPECT_EQ(error_of([&] { write_file(folder_ / "taken", "x"); }),
            (folder_ / "taken").string() + ": cannot write: Is a directory");
  EXPECT_EQ(names(), std::vector<std::string>{"taken"});
}

TEST_F(OutputTest, ALinkStaysAndTheFileBehindItIsReplaced) {
  write_file(folder_ / "target", "old");
  fs::create_symlink("target", folder_ / "link");
  write_file(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_text(folder_ / "target"), "new");
  EXPECT_EQ(names(), (std::vector<std::string>{"link", "target"}));
}

TEST_F(OutputTest, WhatIsNoFileIsNoOutput) {
  fs::create_symlink("/dev/null", folder_ / "sink");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  for (const auto& file : {std::pair{"sink", "a device"}, std::pair{"pipe", "a pipe"}})
    EXPECT_EQ(error_of([&] { write_file(folder_ / file.first, "gone"); }),
              (folder_ / file.first).string() + ": cannot write: is " + file.second +
                  "; allowed: a file, or a name that is free");
  EXPECT_TRUE(fs::is_character_file(folder_ / "sink"));
  EXPECT_EQ(names(), (std::vector<std::string>{"pipe", "sink"}));
}

TEST_F(OutputTest, AFolderWithoutPermissionIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(error_of([&] { write_file(folder_ / "a", "x"); }),
            (folder_ / "a").string() + ": cannot write: Permission denied");
  EXPECT_EQ(error_of([&] { make_folder(folder_); }),
            folder_.string() + ": cannot write into folder: Permission denied");
  fs::permissions(folder_, fs::perms::owner_all);
}

TEST_F(OutputTest, MakeFolderMakesTheParentsToo) {
  make_folder(folder_ / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b"));
  make_folder(folder_ / "a" / "b");
  write_file(folder_ / "file", "x");
  EXPECT_EQ(error_of([&] { make_folder(folder_ / "file" / "c"); }),
            (folder_ / "file" / "c").string() + ": cannot create folder: Not a directory");
}

TEST_F(OutputTest, TheLongestNameCanBeWrittenAndALongerOneIsFoundBefore) {
  const std::string longest(255, 'a');
  check_writable(folder_ / longest);
  write_file(folder_ / longest, "x");
  EXPECT_EQ(names(), std::vector<std::string>{longest});
  EXPECT_EQ(error_of([&] { check_writable(folder_ / (longest + "a")); }),
            (folder_ / (longest + "a")).string() + ": cannot write: File name too long");
}

TEST_F(OutputTest, WhatIsStagedAppearsOrLeavesNothing) {
  write_file(folder_ / "a", "old");
  {
    const StagedFile dropped(folder_ / "a", "new", Sync::No);
    EXPECT_EQ(names().size(), 2U);
  }
  EXPECT_EQ(names(), std::vector<std::string>{"a"});
  StagedFile staged(folder_ / "a", "new", Sync::Yes);
  EXPECT_EQ(read_text(folder_ / "a"), "old");
  staged.appear();
  EXPECT_EQ(read_text(folder_ / "a"), "new");
  EXPECT_EQ(names(), std::vector<std::string>{"a"});
}

TEST_F(OutputTest, NoTwoTemporaryNamesAreTheSame) {
  EXPECT_NE(temporary_name(folder_ / "a"), temporary_name(folder_ / "a"));
  EXPECT_EQ(temporary_name(folder_ / "a").parent_path(), folder_);
}

TEST_F(OutputTest, AFileThatIsThereIsNeverTakenForANewOne) {
  write_file(folder_ / "victim", "precious");
  fs::create_symlink("victim", folder_ / "trap");
  EXPECT_EQ(error_of([&] { write_new_file(folder_ / "trap", "result", "x", Sync::Yes); }),
            "result: cannot write: File exists");
  EXPECT_EQ(read_text(folder_ / "victim"), "precious");
}

TEST_F(OutputTest, WhatAKillLeftIsRemovedAndNothingElse) {
  const fs::path mine = temporary_name(folder_ / "a"), others = temporary_name(folder_ / "b");
  write_file(mine, "half");
  fs::create_directories(others);
  write_file(others / "x", "half");
  write_file(folder_ / ".hdpsim-notes", "mine");
  write_file(lock_name(folder_ / "a"), "");
  remove_leftovers(folder_, "a");
  EXPECT_FALSE(fs::exists(mine));
  EXPECT_EQ(names().size(), 3U);
  remove_leftovers(folder_, "");
  EXPECT_EQ(names().size(), 2U);
  EXPECT_TRUE(fs::exists(folder_ / ".hdpsim-notes"));
  remove_leftovers(folder_ / "none", "");
}

}  // namespace
}  // namespace hdp
