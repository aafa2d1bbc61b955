// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/tensor_file.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/workload/spatten_workload.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using testing::HasSubstr;

const std::string kHeader =
    "iteration_id,layer_id,head_id,embedding_length_D,sentence_length_L,key_fetch_num,"
    "quant_key_bit,quant_query_bit,auto_requant_thres,if_requant,auto_requant_incre,"
    "value_fetch_num,quant_value_bit,if_accumulate_importance,if_rescale_previous_importance,"
    "if_topk,topk\n";
const std::string kRow = "3,1,2,64.0,996,921,6,16,0.05,True,4,184,8,True,False,True,716\n";
const std::string kPrefillHeader =
    "layer_id,head_id,embedding_length_D,sentence_length_L,key_value_query_fetch_num,"
    "quant_key_bit,quant_value_bit,quant_query_bit,auto_requant_thres,if_requant,"
    "auto_requant_incre,auto_requant_num,if_accumulate_importance,if_topk,topk\n";

SpattenWorkload parse(const std::string& text) { return parse_spatten_workload(text, "f.csv"); }

std::string error_in(const std::string& text) {
  return error_of([&] { return parse(text); });
}

/// The row with one of its cells replaced.
std::string with_cell(std::size_t column, const std::string& cell) {
  std::size_t begin = 0;
  for (; column > 0; --column) begin = kRow.find(',', begin) + 1;
  std::string row = kRow;
  return kHeader + row.replace(begin, row.find_first_of(",\n", begin) - begin, cell);
}

const SpattenRow kWant{.iteration = 3,
                       .layer = 1,
                       .head = 2,
                       .head_size = 64,
                       .sentence_length = 996,
                       .key_fetch = 921,
                       .value_fetch = 184,
                       .key_bits = 6,
                       .value_bits = 8,
                       .query_bits = 16,
                       .requantise_threshold = 0.05,
                       .requantise = true,
                       .requantise_bits = 4,
                       .accumulates_importance = true,
                       .top_k = true,
                       .top_k_kept = 716};

TEST(SpattenWorkloadTest, EveryColumnOfAGenerationFileIsRead) {
  const SpattenWorkload workload = parse(kHeader + kRow + "made/by.yml,,,,,,,,,,,,,,,,\n");
  EXPECT_EQ(workload.format, SpattenFormat::Generation);
  EXPECT_EQ(workload.name, "f");
  EXPECT_EQ(workload.sha256.size(), 64U);
  EXPECT_EQ(workload.trailer, "made/by.yml");
  ASSERT_EQ(workload.rows.size(), 1U);
  EXPECT_EQ(workload.rows[0], kWant);
}

TEST(SpattenWorkloadTest, EveryColumnOfAPrefillFileIsRead) {
  const SpattenWorkload workload =
      parse(kPrefillHeader + "1,2,64,128,115,8,6,12,0.1,True,4,9,True,True,106\n");
  EXPECT_EQ(workload.format, SpattenFormat::Prefill);
  ASSERT_EQ(workload.rows.size(), 1U);
  const SpattenRow want{.layer = 1,
                        .head = 2,
                        .head_size = 64,
                        .sentence_length = 128,
                        .key_fetch = 115,
                        .value_fetch = 115,
                        .key_bits = 8,
                        .value_bits = 6,
                        .query_bits = 12,
                        .requantise_threshold = 0.1,
                        .requantise = true,
                        .requantise_rows = 9,
                        .accumulates_importance = true,
                        .top_k = true,
                        .top_k_kept = 106};
  EXPECT_EQ(workload.rows[0], want);
}

TEST(SpattenWorkloadTest, ColumnsMayStandInAnyOrder) {
  const std::string text =
      "topk,if_topk,if_rescale_previous_importance,if_accumulate_importance,quant_value_bit,"
      "value_fetch_num,auto_requant_incre,if_requant,auto_requant_thres,quant_query_bit,"
      "quant_key_bit,key_fetch_num,sentence_length_L,embedding_length_D,head_id,layer_id,"
      "iteration_id\n716,True,False,True,8,184,4,True,0.05,16,6,921,996,64.0,2,1,3\n";
  EXPECT_EQ(parse(text).rows, std::vector{kWant});
}

TEST(SpattenWorkloadTest, LineEndsAndIntegersMayBeWrittenEitherWay) {
  std::string text = with_cell(5, "921.00");
  text.pop_back();
  EXPECT_EQ(parse(text).rows, std::vector{kWant}) << "no newline at the end";
  std::string crlf = kHeader + kRow + "end,,,,,,,,,,,,,,,,\n";
  for (std::size_t at = 0; (at = crlf.find('\n', at)) != std::string::npos; at += 2)
    crlf.insert(at, 1, '\r');
  EXPECT_EQ(parse(crlf).rows, std::vector{kWant});
  EXPECT_EQ(parse(crlf).trailer, "end");
}

TEST(SpattenWorkloadTest, ABadCellIsNamedByLineAndColumn) {
  EXPECT_EQ(error_in(with_cell(5, "many")),
            "f.csv, line 2: key_fetch_num: \"many\"; allowed: 1 to 1048576");
  EXPECT_EQ(error_in(with_cell(3, "64.5")),
            "f.csv, line 2: embedding_length_D: \"64.5\"; allowed: 1 to 4096");
  EXPECT_EQ(error_in(with_cell(6, "0")),
            "f.csv, line 2: quant_key_bit: \"0\"; allowed: -1, or 1 to 16");
  EXPECT_EQ(error_in(with_cell(8, "nan")),
            "f.csv, line 2: auto_requant_thres: \"nan\"; allowed: -1, or 0 to 1");
  EXPECT_EQ(error_in(with_cell(9, "true")),
            "f.csv, line 2: if_requant: \"true\"; allowed: True, False");
  for (const char* cell : {"", " 1", "1 ", "+1", "0x1", "1e3", "1.", ".0", "-1", "-0.5", "\"1\"",
                           "99999999999999999999", "1048577", "\xff"})
    EXPECT_THAT(error_in(with_cell(4, cell)), HasSubstr("line 2: sentence_length_L: ")) << cell;
  EXPECT_THAT(error_in(with_cell(4, std::string(1000, '9'))), HasSubstr("9999...\""));
}

TEST(SpattenWorkloadTest, ARowHasAsManyCellsAsTheHeader) {
  EXPECT_EQ(error_in(kHeader + kRow + "4,0,0\n"),
            "f.csv, line 3: 3 cells; allowed: 17, as the header has");
  EXPECT_EQ(error_in(kHeader + std::string(100, ',')),
            "f.csv, line 2: more than 64 cells; allowed: as many as the header has");
}

TEST(SpattenWorkloadTest, AHeaderThatIsWrongNamesTheNearestColumn) {
  std::string header = kHeader;
  EXPECT_THAT(error_in(header.replace(header.find("key_fetch_num"), 13, "key_fetch") + kRow),
              testing::AllOf(HasSubstr("f.csv, line 1: unknown column \"key_fetch\"; allowed: "),
                             HasSubstr("did you mean 'key_fetch_num'?")));
  header = kHeader;
  EXPECT_THAT(error_in(header.replace(header.find("quant_key_bit"), 13, "layer_id") + kRow),
              HasSubstr("line 1: column \"layer_id\" stands twice"));
  EXPECT_THAT(error_in("layer_id,head_id\n"),
              HasSubstr("line 1: no column \"iteration_id\" in a generation file"));
  EXPECT_THAT(error_in("layer_id,auto_requant_num\n"),
              HasSubstr("line 1: no column \"head_id\" in a prefill file"));
  EXPECT_THAT(error_in(""), HasSubstr("line 1: unknown column \"\""));
  EXPECT_EQ(error_in(kHeader), "f.csv: no rows; allowed: one row or more");
  EXPECT_EQ(error_in(kHeader + "end\n"), "f.csv: no rows; allowed: one row or more");
}

TEST(SpattenWorkloadTest, ATrailerIsTheLastLineOnly) {
  EXPECT_THAT(error_in(kHeader + "end,,,,,,,,,,,,,,,,\n" + kRow),
              HasSubstr("line 2: iteration_id: \"end\""));
  EXPECT_THAT(error_in(kHeader + kRow + "end,,1,,,,,,,,,,,,,,\n"),
              HasSubstr("line 3: iteration_id: \"end\""));
  EXPECT_THAT(error_in(kHeader + kRow + "7,,,,,,,,,,,,,,,,\n"),
              HasSubstr("line 3: layer_id: \"\""));
  EXPECT_EQ(parse(kHeader + kRow + "\n").rows.size(), 1U) << "an empty line at the end";
}

TEST(SpattenWorkloadTest, WhatNoFileCanSayIsNotWritten) {
  const auto error = [](auto change) {
    SpattenWorkload workload = parse(kHeader + kRow);
    change(workload, workload.rows[0]);
    return error_of([&] { return write_spatten_workload(workload); });
  };
  using W = SpattenWorkload;
  using R = SpattenRow;
  EXPECT_EQ(error([](W&, R& row) { row.key_fetch = 0; }),
            "row 0: key_fetch_num: \"0\"; allowed: 1 to 1048576");
  EXPECT_EQ(error([](W&, R& row) { row.layer = -1; }),
            "row 0: layer_id: \"-1\"; allowed: 0 to 1023");
  EXPECT_EQ(error([](W&, R& row) { row.requantise_rows = 1; }),
            "row 0: auto_requant_num: 1; allowed: 0 in a generation file");
  EXPECT_EQ(error([](W& w, R&) { w.format = SpattenFormat::Prefill; }),
            "row 0: iteration_id: 3; allowed: 0 in a prefill file");
  for (const char* trailer : {"a,b", "a\nb", "17"})
    EXPECT_THAT(error([&](W& w, R&) { w.trailer = trailer; }), HasSubstr("trailer: "));
}

SpattenRow any_row(SpattenFormat format) {
  const bool prefill = format == SpattenFormat::Prefill;
  const auto upto = [](std::int64_t least, std::int64_t most) {
    return *rc::gen::inRange<std::int64_t>(least, most + 1);
  };
  const auto bits = [&] { return *rc::gen::element<std::int64_t>(-1, 4, 6, 8, 10, 12, 16); };
  const auto flag = [] { return *rc::gen::arbitrary<bool>(); };
  SpattenRow row{.iteration = prefill ? 0 : upto(0, 1000),
                 .layer = upto(0, 1023),
                 .head = upto(0, 1023),
                 .head_size = upto(1, 4096),
                 .sentence_length = upto(1, 1 << 20),
                 .key_fetch = upto(1, 1 << 20),
                 .key_bits = bits(),
                 .value_bits = bits(),
                 .query_bits = bits(),
                 .requantise_threshold =
                     flag() ? -1 : static_cast<double>(upto(0, 1'000'000'007)) / 1'000'000'007.0,
                 .requantise = flag(),
                 .requantise_bits = bits(),
                 .requantise_rows = prefill ? upto(-1, 1 << 20) : 0,
                 .accumulates_importance = flag(),
                 .rescales_importance = !prefill && flag(),
                 .top_k = flag(),
                 .top_k_kept = upto(-1, 1 << 20)};
  row.value_fetch = prefill ? row.key_fetch : upto(1, row.key_fetch);
  return row;
}

RC_GTEST_PROP(SpattenWorkloadTest, WhatIsWrittenReadsBackTheSame, ()) {
  SpattenWorkload workload;
  workload.format = *rc::gen::element(SpattenFormat::Generation, SpattenFormat::Prefill);
  const int rows = *rc::gen::inRange(1, 5);
  for (int i = 0; i < rows; ++i) workload.rows.push_back(any_row(workload.format));
  workload.trailer = *rc::gen::element<std::string>("", "configs/a+b.yml", "\xc3\xa4 \"x\"");
  const SpattenWorkload back = parse(write_spatten_workload(workload));
  RC_ASSERT(back.format == workload.format);
  RC_ASSERT(back.rows == workload.rows);
  RC_ASSERT(back.trailer == workload.trailer);
}

/// Reads every CSV of a folder and writes it again; the number of files, 0 where it is absent.
int round_trips(const fs::path& folder) {
  if (!fs::is_directory(folder)) return 0;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    SCOPED_TRACE(entry.path().filename().string());
    const std::string text = read_text(entry.path());
    const SpattenWorkload workload = read_spatten_workload(entry.path());
    const std::string written = write_spatten_workload(workload);
    if (entry.path().stem() == "micro_test")
      EXPECT_EQ(parse(written).rows, workload.rows) << "its head size is written \"64\"";
    else
      EXPECT_TRUE(written == text);
    ++files;
  }
  return files;
}

TEST(SpattenWorkloadTest, EveryPublishedFileIsWrittenBackByteForByte) {
  const int files = round_trips(HDP_REFERENCE_DIR "/data/spatten");
  if (files == 0) GTEST_SKIP() << "no published workloads in " HDP_REFERENCE_DIR "/data/spatten";
  EXPECT_EQ(files, 5);
}

TEST(SpattenWorkloadTest, EveryInputOfTheRtlRunsIsWrittenBackByteForByte) {
  const int files = round_trips(HDP_REFERENCE_DIR "/reference/spatten/rtl/inputs");
  if (files == 0) GTEST_SKIP() << "no inputs of RTL runs in " HDP_REFERENCE_DIR "/reference";
  EXPECT_GT(files, 40);
}

}  // namespace
}  // namespace hdp
