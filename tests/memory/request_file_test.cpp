// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/output.hpp>
#include <hdp/memory/request_file.hpp>

namespace hdp {
namespace {

std::string mistake_in(std::string_view text) {
  try {
    static_cast<void>(parse_requests(text, "FILE"));
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

class RequestFileTest : public testing::Test {
 protected:
  std::filesystem::path file(std::string_view name, std::string_view content) {
    const auto path = std::filesystem::path(testing::TempDir()) / name;
    write_file(path, content);
    return path;
  }
};

TEST_F(RequestFileTest, LinesAreReadsAndWritesWithAnOptionalTime) {
  const std::vector<DramRequest> want{{64, 0, false}, {4096, 7, true}};
  EXPECT_EQ(parse_requests("# two\nR 64\n\n  W 0x1000 7\r\n", "FILE"), want);
  EXPECT_EQ(read_requests(file("requests.txt", "R 64\nW 4096 7")), want);
}

TEST_F(RequestFileTest, AMistakeNamesTheLine) {
  EXPECT_THAT(mistake_in("R 0\nX 0"), testing::HasSubstr("FILE, line 2: \"X\""));
  EXPECT_THAT(mistake_in("R"), testing::HasSubstr("FILE, line 1: address \"\""));
  EXPECT_THAT(mistake_in("R 12k"), testing::HasSubstr("address \"12k\""));
  EXPECT_THAT(mistake_in("R -1"), testing::HasSubstr("address \"-1\""));
  EXPECT_THAT(mistake_in("R 0 4294967296"), testing::HasSubstr("not-before cycle"));
  EXPECT_THAT(mistake_in("R 0 0 0"), testing::HasSubstr("\"0\" after the request"));
}

TEST_F(RequestFileTest, RecordsAreLittleEndian) {
  const std::string record{"\x40\x01\0\0\0\0\0\0\x05\0\0\0\x01\0\0\0", 16};
  EXPECT_EQ(read_requests(file("one.bin", record)), (std::vector<DramRequest>{{320, 5, true}}));
}

TEST_F(RequestFileTest, HalfARecordAndAnUnknownFlagAreMistakes) {
  EXPECT_THROW(static_cast<void>(read_requests(file("half.bin", "12345678"))), UserError);
  std::string record(16, '\0');
  record[12] = 2;
  EXPECT_THROW(static_cast<void>(read_requests(file("flag.bin", record))), UserError);
}

}  // namespace
}  // namespace hdp
