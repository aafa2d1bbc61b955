// SPDX-License-Identifier: Apache-2.0
// Token-Picker's machine against the closed formulas of docs/token_picker.md.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <machine/token_picker_bench.hpp>

#include <hdp/base/quantity.hpp>

namespace hdp::test {
namespace {

std::int64_t token_picker_cycles(const TokenPickerConfig& config, const Trace& trace) {
  return run_token_picker(config, trace, {.fidelity = false}).cycles;
}

/// One step of one head of 64 elements, nothing else on the machine, and no token dropped.
struct TokenPickerFormula {
  TokenPickerConfig config;
  std::int64_t tokens = 0;

  /// From a request to its arrival: four hops and the cycle of its bytes.
  [[nodiscard]] std::int64_t fetch() const { return config.memory.latency_cycles + 5; }
  [[nodiscard]] std::int64_t rounds() const { return ceil_div(tokens, config.lane.lanes); }
  [[nodiscard]] std::int64_t vector(std::int64_t bits) const {
    return ceil_div(64, config.lane.dimensions) * ceil_div(bits, config.lane.key_bits);
  }
  /// From the request of a chunk to the verdict on the tokens of one round.
  [[nodiscard]] std::int64_t chunk(std::int64_t bits) const {
    return fetch() + vector(bits) + config.lane.latency_cycles + config.probability.latency_cycles;
  }
  [[nodiscard]] std::int64_t values() const {
    return 1 + ceil_div(tokens, config.softmax.lanes) + config.softmax.latency_cycles + fetch() +
           rounds() * vector(12) + config.lane.latency_cycles;
  }
  /// Rounds follow each other through all chunks.
  [[nodiscard]] std::int64_t estimating() const {
    std::int64_t keys = ceil_div(64, config.probability.margin_elements), slowest = 0;
    for (const std::int64_t bits : config.prune.chunk_bits) {
      keys += chunk(bits);
      slowest = std::max(slowest, vector(bits));
    }
    return 1 + fetch() + keys + (rounds() - 1) * slowest + values() + fetch();
  }
  [[nodiscard]] std::int64_t dense() const {
    const std::int64_t key = fetch() + vector(12) + config.lane.latency_cycles + 1;
    return 1 + fetch() + key + (rounds() - 1) * vector(12) + values() + fetch();
  }
};

TokenPickerConfig keeps_all(TokenPickerConfig config) {
  config.prune.threshold = 1e-300;
  config.prune.exponential = ExponentialUnit::Double;
  return config;
}

TEST(TokenPickerFormulaTest, OneStepTakesWhatTheFormulaSays) {
  for (const std::int64_t latency : {1, 10, 77})
    for (const std::int64_t tokens : {1, 2, 3, 8, 15, 16, 17, 24}) {
      SCOPED_TRACE(testing::Message() << "latency " << latency << ", tokens " << tokens);
      const TokenPickerConfig config = keeps_all(unloaded_token_picker(latency));
      const Trace trace = decode_trace(1, 1, tokens - 1, 1);
      EXPECT_EQ(token_picker_cycles(config, trace),
                (TokenPickerFormula{config, tokens}.estimating()));
      EXPECT_EQ(token_picker_cycles(without_pruning(config), trace),
                (TokenPickerFormula{config, tokens}.dense()));
    }
}

TEST(TokenPickerFormulaTest, EverySettingOfAUnitIsInTheFormula) {
  TokenPickerConfig config = keeps_all(unloaded_token_picker(20));
  config.lane.latency_cycles = 3;
  config.probability.latency_cycles = 11;
  config.probability.margin_elements = 5;
  config.softmax.lanes = 2;
  config.softmax.latency_cycles = 31;
  config.lane.lanes = 8;
  config.lane.key_bits = 2;
  config.prune.chunk_bits = {4, 4, 4};
  const Trace trace = decode_trace(1, 1, 23, 1);
  EXPECT_EQ(token_picker_cycles(config, trace), (TokenPickerFormula{config, 24}.estimating()));
  EXPECT_EQ(token_picker_cycles(without_pruning(config), trace),
            (TokenPickerFormula{config, 24}.dense()));
}

TEST(TokenPickerFormulaTest, RoundsFollowTheSlowestChunk) {
  for (const std::vector<std::int64_t>& chunks :
       {std::vector<std::int64_t>{3, 5, 4}, {1, 1, 10}, {12}, {2, 10}})
    for (const std::int64_t tokens : {9, 17, 24}) {
      SCOPED_TRACE(testing::PrintToString(chunks));
      TokenPickerConfig config = keeps_all(unloaded_token_picker(30));
      config.prune.chunk_bits = chunks;
      EXPECT_EQ(token_picker_cycles(config, decode_trace(1, 1, tokens - 1, 1)),
                (TokenPickerFormula{config, tokens}.estimating()));
    }
}

/// sim/units/scoreboard.md: an entry serves a token after the other.
TEST(TokenPickerFormulaTest, OneEntryServesOneTokenAtATime) {
  TokenPickerConfig config = keeps_all(unloaded_token_picker(10));
  config.scoreboard_entries = 1;
  const TokenPickerFormula formula{config, 10};
  const std::int64_t token = 3 * formula.chunk(4);
  EXPECT_EQ(token_picker_cycles(config, decode_trace(1, 1, 9, 1)),
            formula.estimating() + 9 * token);
}

}  // namespace
}  // namespace hdp::test
