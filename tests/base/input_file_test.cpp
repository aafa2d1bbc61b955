// SPDX-License-Identifier: Apache-2.0
// Files that lie about their size, or change while they are read.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/tensor_file.hpp"
#include <hdp/base/file.hpp>

namespace hdp {
namespace {

using test::error_of;
namespace fs = std::filesystem;

constexpr const char* kChanged =
    ": changed while it was read; allowed: a file that nobody writes to";

class InputFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hdp_input_test_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = folder_ / "f";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(std::string_view content) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
  }

  fs::path folder_, path_;
};

TEST_F(InputFileTest, WhatIsWrittenLaterChangesNothing) {
  write(std::string(100'000, 'a'));
  const InputFile file(path_);
  std::fstream(path_, std::ios::in | std::ios::out) << std::string(50'000, 'b');
  fs::resize_file(path_, 10);
  EXPECT_EQ(file.text(), std::string(100'000, 'a'));
}

TEST_F(InputFileTest, AFileThatEndsBeforeItsSizeIsAMessage) {
  // The kernel calls these a page long, and gives a few bytes of them.
  const fs::path liar = "/sys/kernel/mm/transparent_hugepage/enabled";
  std::error_code missing;
  if (!fs::is_regular_file(liar, missing)) GTEST_SKIP() << "no such file here";
  EXPECT_EQ(error_of([&] { const InputFile file(liar); }),
            liar.string() + ": changed while it was read; allowed: a file that nobody writes to");
}

TEST_F(InputFileTest, AFileThatSomebodyCutsAndFillsIsReadWholeOrRefused) {
  const std::string whole(4'000'000, 'a');
  write(whole);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) fs::resize_file(path_, i % 2 == 0 ? 100 : whole.size());
  });
  // The writer runs when the scheduler lets it: at least 300 reads, then until one is refused.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  int reads = 0, refused = 0;
  for (; reads < 300 || (refused == 0 && std::chrono::steady_clock::now() < deadline); ++reads) {
    const std::string error = error_of([&] {
      const InputFile file(path_);
      const std::string_view text = file.text();
      EXPECT_TRUE(text.size() == 100 || text.size() == whole.size());
    });
    if (error.empty()) continue;
    ++refused;
    EXPECT_EQ(error, path_.string() + kChanged);
  }
  stop = true;
  writer.join();
  EXPECT_GT(refused, 0) << "of " << reads << " reads beside a writer";
}

TEST_F(InputFileTest, AFileThatIsTooLargeIsRefusedUnread) {
  write("");
  fs::resize_file(path_, 100'000'000'000);
  EXPECT_EQ(error_of([&] { const InputFile file(path_); }),
            path_.string() + ": is of 100000000000 [bytes]; allowed: at most 17179869184");
  EXPECT_EQ(error_of([&] { (void)read_text(path_); }),
            path_.string() + ": is of 100000000000 [bytes]; allowed: at most 268435456");
  EXPECT_EQ(error_of([&] { const InputFile file(path_, 99); }),
            path_.string() + ": is of 100000000000 [bytes]; allowed: at most 99");
}

TEST_F(InputFileTest, HolesCostNoMemory) {
  write("begin");
  fs::resize_file(path_, 4'000'000'000);
  std::fstream(path_, std::ios::in | std::ios::out).seekp(3'000'000'000) << "middle";
  struct rusage before {
  }, after{};
  ::getrusage(RUSAGE_SELF, &before);
  const InputFile file(path_);
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 100'000) << "KiB";
  EXPECT_EQ(file.bytes().size(), 4'000'000'000U);
  EXPECT_EQ(file.text().substr(0, 6), std::string("begin\0", 6));
  EXPECT_EQ(file.text().substr(2'999'999'999, 8), std::string("\0middle\0", 8));
}

}  // namespace
}  // namespace hdp
