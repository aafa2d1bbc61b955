// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/spatten_rtl/run.hpp>
#include <hdp/workload/spatten_generator.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;
const fs::path kRuns = HDP_REFERENCE_DIR "/reference/spatten/rtl";
const fs::path kPublished = HDP_REFERENCE_DIR "/data/spatten";

// So that the sanitizers' builds stay quick; tools/compare_rtl.py takes all runs.
#ifdef NDEBUG
constexpr std::int64_t kMostCycles = 150'000;
#else
constexpr std::int64_t kMostCycles = 6'000;
#endif

using Line = std::map<std::string, std::string>;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line + ",");
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

std::vector<Line> read_table(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const auto names = cells_of(line);
  std::vector<Line> table;
  while (std::getline(in, line)) {
    const auto cells = cells_of(line);
    Line entry;
    for (std::size_t i = 0; i < names.size(); ++i) entry[names[i]] = cells.at(i);
    table.push_back(entry);
  }
  return table;
}

SpattenRow row_of(std::int64_t keys, std::int64_t values, std::int64_t bits = 8) {
  SpattenRow row;
  row.sentence_length = row.key_fetch = keys;
  row.value_fetch = values;
  row.key_bits = row.value_bits = bits;
  return row;
}

SpattenRtlConfig config_of(const Line& run) {
  SpattenRtlConfig config;
  config.buffer_lines = std::stoll(run.at("buffer_lines"));
  config.top_k_parallelism = std::stoll(run.at("top_k_parallelism"));
  config.multipliers = std::stoll(run.at("multipliers"));
  config.bandwidth_downsample = std::stoll(run.at("bandwidth_downsample"));
  config.fetch_padding = std::stoll(run.at("fetch_padding"));
  config.requantise.rows.emplace();
  std::istringstream rows(run.at("requantised_rows"));
  for (std::int64_t row = 0; rows >> row;) config.requantise.rows->push_back(row);
  return config;
}

std::vector<SpattenRow> rows_of(const fs::path& runs, const Line& run) {
  fs::path path = runs / "inputs" / run.at("input");
  if (!fs::exists(path)) path = kPublished / run.at("input");
  std::vector<SpattenRow> rows;
  for (const SpattenRow& row : read_spatten_workload(path).rows)
    if (run.at("iteration").empty() || row.iteration == std::stoll(run.at("iteration")))
      rows.push_back(row);
  if (!run.at("row_limit").empty())
    rows.resize(std::min(rows.size(), std::stoul(run.at("row_limit"))));
  return rows;
}

void expect_rows(const std::vector<Line>& expected, const SpattenRtlResult& actual) {
  ASSERT_EQ(expected.size(), actual.rows.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto number = [&](const char* column) {
      const std::string& cell = expected[i].at(column);
      return cell.empty() ? 0 : std::stoll(cell);
    };
    const SpattenRtlRow& row = actual.rows[i];
    EXPECT_EQ(number("top_k_latency"), row.top_k_latency) << "row " << i;
    EXPECT_EQ(number("first_pass_last_score_cycle"), row.first_pass.value_or(Cycle{}).index)
        << "row " << i;
    EXPECT_EQ(number("second_pass_last_score_cycle"), row.second_pass.value_or(Cycle{}).index)
        << "row " << i;
    EXPECT_EQ(number("response_cycle"), row.response.index) << "row " << i;
  }
}

/// Compares the runs of a table that are short enough with the model; how many there were.
int compare_runs(const fs::path& runs) {
  int compared = 0;
  for (const Line& run : read_table(runs / "cycles.csv")) {
    if (std::stoll(run.at("cycles")) > kMostCycles) continue;
    SCOPED_TRACE(run.at("run"));
    const SpattenRtlResult result = run_spatten_rtl(config_of(run), rows_of(runs, run));
    EXPECT_EQ(std::stoll(run.at("cycles")), result.cycles.index);
    EXPECT_EQ(std::stoll(run.at("dram_reads")), result.dram_reads);
    const fs::path rows = runs / "rows" / (run.at("run") + ".csv");
    if (fs::exists(rows)) expect_rows(read_table(rows), result);
    ++compared;
  }
  return compared;
}

TEST(SpattenRtlTest, EveryRunOfTheAuthorsRtlIsRepeatedToTheCycle) {
  if (!fs::exists(kRuns / "cycles.csv")) GTEST_SKIP() << "no reference " << kRuns / "cycles.csv";
  EXPECT_GT(compare_runs(kRuns), 60);
}

// Scores pass the maximum tree before their FIFO, so QK goes on for as many lines as the tree has
// levels when the FIFO is full: seen where a row re-quantises in front of one that fills it.
TEST(SpattenRtlTest, ScoresPassTheTreeBeforeTheyQueue) {
  const fs::path more = kRuns / "more";
  if (!fs::exists(more / "cycles.csv")) GTEST_SKIP() << "no reference " << more / "cycles.csv";
  EXPECT_GE(compare_runs(more), 5);
}

// The smallest of those runs, with no file of it.
TEST(SpattenRtlTest, ARowThatFillsTheScoresBehindOneThatReQuantises) {
  SpattenRtlConfig config;
  config.buffer_lines = 1024;
  config.multipliers = 128;
  config.bandwidth_downsample = 4;
  config.fetch_padding = 32;
  config.requantise.rows = {{0}};
  std::vector rows{row_of(503, 503), row_of(2048, 1)};
  rows[0].requantise = true;
  EXPECT_EQ(run_spatten_rtl(config, rows).cycles, Cycle{4614});
}

// The run that a third party published: 374 cycles (papers/spatten.md, G1), with no file of it.
TEST(SpattenRtlTest, ThePublishedRunOf128KeysTakes374Cycles) {
  SpattenRtlConfig config;
  config.buffer_lines = 64;
  config.multipliers = 128;
  config.bandwidth_downsample = 2;
  config.fetch_padding = 32;
  const SpattenRtlResult result = run_spatten_rtl(config, std::vector{row_of(128, 128)});
  EXPECT_EQ(result.cycles, Cycle{374});
  EXPECT_EQ(result.dram_reads, 512);
  EXPECT_EQ(result.rows[0].top_k_latency, 52);
  EXPECT_EQ(result.rows[0].first_pass, Cycle{259});
  EXPECT_EQ(result.qk_lines, 64);
  EXPECT_EQ(result.pv_lines, 64);
}

// Indexes are rotated before values are dropped: the last that is kept need not take group 0. Found
// by comparison with the plain model.
TEST(SpattenRtlTest, IndexesAreAssignedBeforeValuesAreDropped) {
  SpattenRtlConfig config;
  config.buffer_lines = 104;
  config.multipliers = 128;
  config.bandwidth_downsample = 1;
  config.top_k_parallelism = 1;
  EXPECT_EQ(run_spatten_rtl(config, std::vector{row_of(101, 66)}).cycles, Cycle{560});
}

TEST(SpattenRtlTest, AFirstPassThatTheRunDoesNotSeeTheEndOfHasNoCycle) {
  const SpattenRtlResult result = run_spatten_rtl({}, std::vector{row_of(1024, 128)});
  EXPECT_EQ(result.cycles, Cycle{3383});
  EXPECT_FALSE(result.rows[0].first_pass);
}

TEST(SpattenRtlTest, AResponseComesOneAdderTreeAfterTheLastLine) {
  for (const std::int64_t keys : {8, 64, 512}) {
    const SpattenRtlResult result =
        run_spatten_rtl({}, std::vector{row_of(keys, keys), row_of(keys, keys)});
    EXPECT_GT(result.rows[1].response, result.rows[0].response);
    EXPECT_EQ(result.dram_reads, 2 * 2 * 2 * keys);
    EXPECT_EQ(result.qk_lines, 2 * keys);
  }
}

TEST(SpattenRtlTest, ASecondPassReadsTheLsbsOfAllKeys) {
  std::vector rows{row_of(256, 64)};
  rows[0].requantise = true;
  SpattenRtlConfig config;
  const SpattenRtlResult twice = run_spatten_rtl(config, rows);
  config.requantise.eligible = false;
  const SpattenRtlResult once = run_spatten_rtl(config, rows);
  EXPECT_EQ(twice.dram_reads - once.dram_reads, 256);
  EXPECT_EQ(twice.qk_lines, 2 * once.qk_lines);
  EXPECT_EQ(twice.qk_passes, 2);
  EXPECT_EQ(once.qk_passes, 1);
  EXPECT_EQ(twice.pv_passes, 1);
  EXPECT_EQ(twice.rows[0].first_pass, once.rows[0].first_pass);
  EXPECT_TRUE(twice.rows[0].second_pass && !once.rows[0].second_pass);
}

TEST(SpattenRtlTest, APairOfSixBitHeadsSharesItsFetches) {
  const std::vector pair{row_of(128, 32, 6), row_of(128, 32, 6)};
  EXPECT_EQ(run_spatten_rtl({}, pair).dram_reads, 3 * (128 + 32));
  EXPECT_EQ(run_spatten_rtl({}, std::vector{pair[0]}).dram_reads, 3 * (128 + 32));
}

TEST(SpattenRtlTest, PaddedCountsDecideWhetherThereAreMoreValuesThanKeys) {
  const std::vector padded(3, row_of(304, 304));
  EXPECT_EQ(run_spatten_rtl({}, std::vector(3, row_of(300, 301))).cycles,
            run_spatten_rtl({}, padded).cycles);
}

void expect_refusal(const SpattenRtlConfig& config, const std::vector<SpattenRow>& rows,
                    const std::string& message) {
  try {
    run_spatten_rtl(config, rows);
    ADD_FAILURE() << "not refused: " << message;
  } catch (const UserError& mistake) {
    EXPECT_EQ(mistake.what(), message);
  }
}

TEST(SpattenRtlTest, WhatTheRtlRefusesIsSaidInOneLine) {
  SpattenRtlConfig full;
  full.buffer_lines = 256;
  full.multipliers = 512;
  full.bandwidth_downsample = 1;
  SpattenRtlConfig half = full;
  half.buffer_lines = 512;
  half.multipliers = 256;
  half.bandwidth_downsample = 2;
  expect_refusal({}, {row_of(64, 64), row_of(64, 65)},
                 "row 1: 72 values of 64 keys after padding: the RTL stops with an assertion; "
                 "allowed: at most the keys");
  expect_refusal({}, {row_of(64, 2049)},
                 "row 0: 2049 values; allowed: at most the 2048 that the buffer has lines for");
  expect_refusal(full, {row_of(1000, 1000)},
                 "row 0: 1000 vectors after padding: the RTL stops with an assertion; allowed: a "
                 "multiple of 32 (see fetch_padding)");
  expect_refusal(half, {row_of(24, 16)},
                 "row 0: 24 vectors after padding: the RTL hangs; allowed: no half row of 16 "
                 "addresses (see fetch_padding)");
  expect_refusal({}, {row_of(1200, 8, 6)},
                 "row 0: a batch of 2400 lines: the RTL hangs; allowed: at most the 2048 of the "
                 "buffer");
  SpattenRtlConfig small;
  small.buffer_lines = 8;
  SpattenRow again = row_of(8, 8);
  again.requantise = true;
  expect_refusal(
      small, std::vector(129, again),
      "row 128: 129 rows re-quantise one after another: the RTL stops with an assertion; "
      "allowed: at most 128");
  expect_refusal({}, {row_of(64, 64, 7)}, "row 0: 7 bits; allowed: -1, 4, 6, 8, 10, 12");
}

TEST(SpattenRtlTest, AListOfRowsMustFitTheWorkload) {
  SpattenRtlConfig config;
  config.requantise.rows = {{0}};
  expect_refusal(config, {row_of(64, 64)}, "requantise: the workload does not let row 0");
  config.requantise.rows = {{1}};
  expect_refusal(config, {row_of(64, 64)}, "requantise: there is no row 1; allowed: 0 to 0");
}

TEST(SpattenRtlTest, WhatCannotBeBuiltIsSaidInOneLine) {
  SpattenRtlConfig config;
  config.multipliers = 96;
  expect_refusal(config, {row_of(8, 8)},
                 "multipliers: 96 cannot be built; allowed: a power of two");
  config.multipliers = 64;
  config.bandwidth_downsample = 3;
  expect_refusal(config, {row_of(8, 8)},
                 "bandwidth_downsample: 3 cannot be built; allowed: a power of two");
}

}  // namespace
}  // namespace hdp
