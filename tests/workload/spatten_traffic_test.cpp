// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;
const fs::path kPublishedRows = HDP_REFERENCE_DIR "/data/spatten";
const fs::path kRuns = HDP_REFERENCE_DIR "/reference/spatten/rtl";

SpattenRow row(std::int64_t keys, std::int64_t values, std::int64_t key_bits,
               std::int64_t value_bits) {
  return {.sentence_length = keys,
          .key_fetch = keys,
          .value_fetch = values,
          .key_bits = key_bits,
          .value_bits = value_bits};
}

SpattenTraffic traffic(const std::vector<SpattenRow>& rows) { return rtl_traffic(rows).value(); }

TEST(SpattenTrafficTest, CountsArePaddedAndUnknownBitsAreFetchedAsEight) {
  EXPECT_EQ(traffic({row(993, 17, 8, 4)}), (SpattenTraffic{64000, 24 * 32, 0}));
  for (const std::int64_t bits : {-1, 10, 12})
    EXPECT_EQ(traffic({row(993, 993, bits, bits)}), (SpattenTraffic{64000, 64000, 32000}));
}

TEST(SpattenTrafficTest, TwoRowsOfSixBitsShareAFetchAndOneAlonePaysForBoth) {
  const SpattenRow six = row(128, 64, 6, 6);
  EXPECT_EQ(traffic({six}), (SpattenTraffic{128 * 96, 64 * 96, 0}));
  EXPECT_EQ(traffic({six, six}), traffic({six}));
  EXPECT_EQ(traffic({six, six, six}).key_bytes, 2 * 128 * 96);
  EXPECT_EQ(traffic({six, row(8, 8, 8, 8), six}).key_bytes, 2 * 128 * 96 + 8 * 64);
  EXPECT_EQ(traffic({row(128, 64, 6, 8), row(128, 64, 6, 8)}),
            (SpattenTraffic{128 * 96, 2 * 64 * 64, 0}));
}

TEST(SpattenTrafficTest, EachRowOfAPairFetchesItsOwnLsbs) {
  SpattenRow six = row(128, 64, 6, 6);
  six.requantise = true;
  EXPECT_EQ(traffic({six, six}).lsb_bytes, 2 * 128 * 32);
}

TEST(SpattenTrafficTest, WhatTheRtlCannotRunHasNoTraffic) {
  EXPECT_EQ(rtl_traffic(std::vector{row(8, 8, 7, 8)}), std::nullopt);
  EXPECT_EQ(rtl_traffic(std::vector{row(8, 8, 8, 16)}), std::nullopt);
  SpattenRow small = row(8, 8, 8, 8);
  small.head_size = 32;
  EXPECT_EQ(rtl_traffic(std::vector{small}), std::nullopt);
}

struct Published {
  const char* file;
  std::int64_t rows, iterations, layers, heads, requantised, keys, values;
  SpattenTraffic bytes;
};

TEST(SpattenTrafficTest, ThePublishedFilesMoveTheBytesOfTheRtlsMapping) {
  if (!fs::is_directory(kPublishedRows))
    GTEST_SKIP() << "no published workloads in " << kPublishedRows;
  const Published published[] = {
      {"small.csv", 1, 1, 1, 1, 0, 993, 993, {64000, 64000, 32000}},
      {"summary-gpt2-medium-ptb-per0.csv",
       12288,
       32,
       24,
       16,
       0,
       12392448,
       12392448,
       {795869184, 795869184, 397934592}},
      {"summary-gpt2-medium-wikitext2-per0-hp-step5+dedic+glob_p+local_p+hp+topk+quant.csv",
       11328,
       32,
       24,
       16,
       0,
       6143004,
       1848398,
       {396212224, 120458240, 198106112}},
      {"summary-gpt2-small-wikitext2-per8-step1+dedic.csv",
       4608,
       32,
       12,
       12,
       0,
       4647168,
       4647168,
       {298450944, 298450944, 149225472}},
      {"summary-gpt2-small-wikitext2-per8.csv",
       4608,
       32,
       12,
       12,
       323,
       1283172,
       255180,
       {62337024, 12722688, 8644352}},
  };
  for (const Published& want : published) {
    SCOPED_TRACE(want.file);
    const SpattenWorkload workload = read_spatten_workload(kPublishedRows / want.file);
    const SpattenSummary summary = summarise(workload);
    EXPECT_EQ(summary.all.rows, want.rows);
    EXPECT_EQ(summary.iterations, want.iterations);
    EXPECT_EQ(std::ssize(summary.layers), want.layers);
    EXPECT_EQ(summary.all.heads, want.heads);
    EXPECT_EQ(summary.all.requantised, want.requantised);
    EXPECT_EQ(summary.all.keys.sum, want.keys);
    EXPECT_EQ(summary.all.values.sum, want.values);
    EXPECT_EQ(rtl_traffic(workload.rows), want.bytes);
  }
}

/// One measured run, as the first line of the table names its columns.
struct MeasuredRun {
  std::string name, input, iteration, row_limit, padding, reads, requantised;
};

std::vector<MeasuredRun> runs() {
  std::vector<MeasuredRun> found;
  std::ifstream table(kRuns / "cycles.csv");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::vector<std::string> cells;
    std::istringstream rest(line + ",");
    for (std::string cell; std::getline(rest, cell, ',');) cells.push_back(cell);
    if (cells.size() >= 13)
      found.push_back({cells[0], cells[1], cells[2], cells[3], cells[8], cells[11], cells[12]});
  }
  return found;
}

std::vector<SpattenRow> rows_of(const MeasuredRun& run) {
  const fs::path own = kRuns / "inputs" / run.input;
  std::vector<SpattenRow> rows;
  const std::size_t limit = run.row_limit.empty() ? kMostSpattenRows : std::stoul(run.row_limit);
  for (const SpattenRow& row :
       read_spatten_workload(fs::exists(own) ? own : kPublishedRows / run.input).rows) {
    const bool picked = run.iteration.empty() || row.iteration == std::stoll(run.iteration);
    if (picked && rows.size() < limit) rows.push_back(row);
  }
  return rows;
}

TEST(SpattenTrafficTest, TheBytesAreThoseThatTheRtlReadInEveryMeasuredRun) {
  if (!fs::exists(kRuns / "cycles.csv")) GTEST_SKIP() << "no measured runs in " << kRuns;
  int compared = 0;
  for (const MeasuredRun& run : runs()) {
    SCOPED_TRACE(run.name);
    const std::vector<SpattenRow> rows = rows_of(run);
    const std::int64_t padding = std::stoll(run.padding);
    const SpattenTraffic bytes = rtl_traffic(rows, padding).value();
    std::int64_t lsb_bytes = 0;
    std::istringstream requantised(run.requantised);
    for (std::size_t i = 0; requantised >> i;) {
      lsb_bytes += lsb_bytes_of(rows.at(i), padding);
      EXPECT_TRUE(may_requantise_in_rtl(rows[i]));
    }
    EXPECT_EQ(bytes.key_bytes + bytes.value_bytes + lsb_bytes, 32 * std::stoll(run.reads));
    ++compared;
  }
  EXPECT_GT(compared, 200);
}

}  // namespace
}  // namespace hdp
