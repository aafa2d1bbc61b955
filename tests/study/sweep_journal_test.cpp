// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "study/sweep/journal.hpp"
#include "support/temporary_folder.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>

namespace hdp {
namespace {

class SweepJournalTest : public test::TemporaryFolder {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "journal"; }
  [[nodiscard]] SweepJournal open(const std::string& identity = "me") const {
    return {file(), identity, {}};
  }
  static PointText text(int point) {
    return {"row " + std::to_string(point) + "\n", "{" + std::string(200, 'x') + "}\n"};
  }
  void put(const std::string& content) const {
    std::ofstream(file(), std::ios::binary | std::ios::trunc) << content;
  }
};

TEST_F(SweepJournalTest, PointsAreFoundAgain) {
  {
    SweepJournal journal = open();
    for (const int point : {5, 0, 3}) journal.append(point, text(point));
  }
  const SweepJournal again = open();
  EXPECT_EQ(again.size(), 3);
  EXPECT_FALSE(again.has(1));
  EXPECT_EQ(again.read(3).csv, text(3).csv);
  EXPECT_EQ(again.read(5).json, text(5).json);
}

TEST_F(SweepJournalTest, WhereverItWasCutOffTheWholePointsBeforeStay) {
  std::vector<std::size_t> ends;
  {
    SweepJournal journal = open();
    ends.push_back(read_text(file()).size());
    for (int point = 0; point < 3; ++point) {
      journal.append(point, text(point));
      ends.push_back(read_text(file()).size());
    }
  }
  const std::string whole = read_text(file());
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    put(whole.substr(0, length));
    std::int64_t kept = 0;
    while (kept < 3 && ends[static_cast<std::size_t>(kept) + 1] <= length) ++kept;
    SweepJournal journal = open();
    ASSERT_EQ(journal.size(), kept) << "cut at " << length;
    for (int point = 0; point < 3; ++point)
      if (!journal.has(point)) journal.append(point, text(point));
    ASSERT_EQ(read_text(file()), whole) << "cut at " << length;
  }
}

TEST_F(SweepJournalTest, APointThatWasChangedIsNone) {
  { open().append(0, text(0)); }
  std::string content = read_text(file());
  content[content.size() - 3] = 'y';
  put(content);
  EXPECT_EQ(open().size(), 0);
}

TEST_F(SweepJournalTest, AnotherIdentityIsRefused) {
  { open("me").append(0, text(0)); }
  EXPECT_THROW((void)open("you"), UserError);
  EXPECT_THROW((void)open("me too"), UserError);
  EXPECT_EQ(open("me").size(), 1);
}

}  // namespace
}  // namespace hdp
