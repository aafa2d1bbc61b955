// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"
#include "support/tensor_file.hpp"
#include <hdp/base/file.hpp>
#include <hdp/base/file_identity.hpp>
#include <hdp/base/staged_folder.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

class StagedFolderTest : public test::TemporaryFolder {
 protected:
  [[nodiscard]] fs::path out() const { return folder_ / "out"; }
  void appear(const std::string& a, const std::string& b) const {
    StagedFolder staged(out(), {{"a", a}, {"b", b}});
    staged.appear();
  }
  void expect(const std::string& a, const std::string& b) const {
    EXPECT_EQ(read_text(out() / "a"), a);
    EXPECT_EQ(read_text(out() / "b"), b);
    EXPECT_EQ(names(), std::vector<std::string>{"out"});
  }
};

TEST_F(StagedFolderTest, ANewFolderAppearsWithItsFiles) {
  StagedFolder staged(out(), {{"a", "1"}, {"b", "2"}});
  EXPECT_FALSE(fs::exists(out()));
  staged.appear();
  expect("1", "2");
}

TEST_F(StagedFolderTest, WhatDoesNotAppearLeavesNothing) {
  { const StagedFolder dropped(out(), {{"a", "1"}}); }
  EXPECT_TRUE(names().empty());
}

TEST_F(StagedFolderTest, AFolderOfOlderResultsIsReplacedInOneStep) {
  appear("1", "2");
  fs::permissions(out(), fs::perms::owner_all);
  const auto before = identity_of(out());
  appear("3", "4");
  expect("3", "4");
  EXPECT_NE(identity_of(out()), before);
  EXPECT_EQ(fs::status(out()).permissions(), fs::perms::owner_all);
}

TEST_F(StagedFolderTest, AFolderWithOtherFilesStaysAndKeepsThem) {
  appear("1", "2");
  write_file(out() / "notes", "mine");
  const auto before = identity_of(out());
  appear("3", "4");
  EXPECT_EQ(identity_of(out()), before);
  expect("3", "4");
  EXPECT_EQ(read_text(out() / "notes"), "mine");
}

TEST_F(StagedFolderTest, AFileThatSomebodyPutThereMeanwhileStays) {
  appear("1", "2");
  StagedFolder staged(out(), {{"a", "3"}, {"b", "4"}});
  write_file(out() / "notes", "mine");
  staged.appear();
  EXPECT_EQ(read_text(out() / "notes"), "mine");
  EXPECT_EQ(read_text(out() / "b"), "4");
}

TEST_F(StagedFolderTest, TheFolderOneStandsInStaysTheSame) {
  appear("1", "2");
  const auto before = identity_of(out());
  const fs::path here = fs::current_path();
  fs::current_path(out());
  appear("3", "4");
  fs::current_path(here);
  EXPECT_EQ(identity_of(out()), before);
  expect("3", "4");
}

TEST_F(StagedFolderTest, AFolderInTheWayOfAFileLeavesEverythingAsItWas) {
  appear("1", "2");
  fs::remove(out() / "a");
  fs::create_directory(out() / "a");
  EXPECT_EQ(test::error_of([&] { appear("3", "4"); }),
            (out() / "a").string() + ": cannot write: Is a directory");
  EXPECT_EQ(read_text(out() / "b"), "2");
}

}  // namespace
}  // namespace hdp
