// SPDX-License-Identifier: Apache-2.0
// The machine against a second, plain model of the same rules, on random streams of rows. 60 of
// them in every run; HDP_RTL_STREAMS asks for more (tools/check_all long).
#include "plain_model.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/quick.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/spatten_rtl/run.hpp>

namespace hdp {
namespace {

constexpr std::uint64_t kFirstSeed = 2407;

constexpr std::size_t kStreams = test::kQuick ? 12 : 60;

std::size_t stream_count() {
  const char* asked = std::getenv("HDP_RTL_STREAMS");
  return asked == nullptr ? kStreams : std::stoul(asked);
}

struct Stream {
  SpattenRtlConfig config;
  std::vector<SpattenRow> rows;
};

/// Settings and rows of a seed; the RTL may refuse them.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  Stream stream() {
    Stream stream;
    stream.config = config();
    const std::int64_t most = stream.config.multipliers / 64 * stream.config.buffer_lines;
    for (std::int64_t left = between(1, 12); left > 0; --left) {
      stream.rows.push_back(row(std::min<std::int64_t>(most, 2048)));
      // Heads of 6 bits mostly come in pairs.
      if (stream.rows.back().key_bits == 6 && between(0, 9) != 0)
        stream.rows.push_back(stream.rows.back());
    }
    stream.config.requantise.rows.emplace();
    const std::int64_t share = between(0, 4);
    for (std::size_t i = 0; i < stream.rows.size(); ++i)
      if (stream.rows[i].requantise && between(1, 4) <= share)
        stream.config.requantise.rows->push_back(static_cast<std::int64_t>(i));
    return stream;
  }

 private:
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::int64_t one_of(std::initializer_list<std::int64_t> choices) {
    return choices.begin()[between(0, std::ssize(choices) - 1)];
  }
  // As often small as large.
  std::int64_t count(std::int64_t most) {
    std::int64_t limit = 1;
    for (std::int64_t doublings = between(2, 11); doublings > 0; --doublings) limit *= 2;
    return between(1, std::min(limit, most));
  }

  SpattenRtlConfig config() {
    SpattenRtlConfig config;
    config.multipliers = one_of({64, 64, 128, 256, 512});
    config.bandwidth_downsample = one_of({1, 2, 4, 8, 16});
    config.buffer_lines = one_of({1024, 2048, 4096}) * 32 / config.multipliers;
    if (between(0, 3) == 0) config.buffer_lines = 2 * between(16, 512);
    config.top_k_parallelism = one_of({1, 2, 4, 8, 16, 32});
    // The wide designs drop data at rows of addresses that are not full.
    config.fetch_padding = config.multipliers > 256 ? one_of({32, 64}) : one_of({8, 16, 32, 64});
    return config;
  }

  SpattenRow row(std::int64_t most) {
    SpattenRow row;
    row.key_fetch = row.sentence_length = between(0, 9) == 0 ? most : count(most);
    row.value_fetch = between(0, 1) == 0 ? row.key_fetch : count(row.key_fetch);
    row.key_bits = one_of({8, 8, 8, 4, 6, 6, 12});
    row.value_bits = row.key_bits == 6 ? 6 : one_of({8, 8, 4});
    row.requantise = row.key_bits == 12 || between(0, 2) != 0;
    return row;
  }

  std::mt19937_64 random_;
};

/// Nothing where the specification does not say what happens: 6-bit rows without a partner.
std::optional<test::plain::Result> plain_result(const Stream& stream) {
  const SpattenRtlConfig& config = stream.config;
  test::plain::Settings settings;
  settings.buffer_lines = static_cast<int>(config.buffer_lines);
  settings.multipliers = static_cast<int>(config.multipliers);
  settings.top_k_parallelism = static_cast<int>(config.top_k_parallelism);
  settings.bandwidth_downsample = static_cast<int>(config.bandwidth_downsample);
  settings.fetch_padding = static_cast<int>(config.fetch_padding);
  for (const std::int64_t row : *config.requantise.rows)
    settings.requantised_rows.insert(static_cast<std::size_t>(row));
  std::vector<test::plain::Row> rows;
  for (const SpattenRow& row : stream.rows)
    rows.push_back({.key_count = static_cast<int>(row.key_fetch),
                    .value_count = static_cast<int>(row.value_fetch),
                    .key_bits = static_cast<int>(row.key_bits),
                    .value_bits = static_cast<int>(row.value_bits),
                    .if_requant = row.requantise});
  try {
    return test::plain::run(settings, rows);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

std::string description(const Stream& stream) {
  const SpattenRtlConfig& config = stream.config;
  std::string text = fmt::format(
      "buffer_lines={} multipliers={} bandwidth_downsample={} top_k_parallelism={} "
      "fetch_padding={}, rows",
      config.buffer_lines, config.multipliers, config.bandwidth_downsample,
      config.top_k_parallelism, config.fetch_padding);
  for (const SpattenRow& row : stream.rows)
    text +=
        fmt::format(" {}x{}b/{}x{}b", row.key_fetch, row.key_bits, row.value_fetch, row.value_bits);
  text += ", re-quantised";
  for (const std::int64_t row : *config.requantise.rows) text += fmt::format(" {}", row);
  return text;
}

void expect_alike(const SpattenRtlResult& machine, const test::plain::Result& plain) {
  EXPECT_EQ(machine.cycles.index, plain.cycles);
  EXPECT_EQ(machine.dram_reads, plain.dram_reads);
  ASSERT_EQ(machine.rows.size(), plain.rows.size());
  for (std::size_t i = 0; i < plain.rows.size(); ++i) {
    const SpattenRtlRow& row = machine.rows[i];
    const test::plain::RowResult& expected = plain.rows[i];
    EXPECT_EQ(row.top_k_latency, expected.top_k_latency) << "row " << i;
    EXPECT_EQ(row.requantised, expected.requantised) << "row " << i;
    EXPECT_EQ(row.first_pass.value_or(Cycle{-1}).index, expected.first_pass_last_score_cycle)
        << "row " << i;
    EXPECT_EQ(row.second_pass.value_or(Cycle{-1}).index, expected.second_pass_last_score_cycle)
        << "row " << i;
    EXPECT_EQ(row.response.index, expected.response_cycle) << "row " << i;
  }
}

/// The result, or none where the RTL refuses the stream.
std::optional<SpattenRtlResult> machine_result(const Stream& stream) {
  try {
    return run_spatten_rtl(stream.config, stream.rows);
  } catch (const UserError&) {
    return std::nullopt;
  }
}

TEST(PlainModelTest, RandomStreamsAreAnsweredAlikeRowByRow) {
  const std::size_t streams = stream_count();
  std::size_t compared = 0;
  for (std::uint64_t seed = kFirstSeed; compared < streams; ++seed) {
    const Stream stream = Draw(seed).stream();
    const auto machine = machine_result(stream);
    if (!machine) continue;
    SCOPED_TRACE(fmt::format("seed {}: {}", seed, description(stream)));
    const auto plain = plain_result(stream);
    if (!plain) continue;
    expect_alike(*machine, *plain);
    ++compared;
  }
}

}  // namespace
}  // namespace hdp
