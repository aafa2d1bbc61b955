// SPDX-License-Identifier: Apache-2.0
// STA's attention against the formulas of docs/sta.md.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <machine/sta_bench.hpp>

#include <hdp/base/quantity.hpp>

namespace hdp::test {
namespace {

std::int64_t sta_cycles(const StaConfig& config, const Trace& trace) {
  return run_sta(config, trace, {.fidelity = false}).cycles;
}

/// One head whose K and V stay, of which every query sees every key.
struct StaFormula {
  StaConfig config;
  StaShape shape;

  [[nodiscard]] std::int64_t strips() const { return ceil_div(shape.queries, config.array.rows); }
  [[nodiscard]] std::int64_t rows(std::int64_t strip) const {
    return std::min(config.array.rows, shape.queries - strip * config.array.rows);
  }
  [[nodiscard]] std::int64_t requests(std::int64_t bytes) const {
    return ceil_div(bytes, config.layer.fetch.request_bytes);
  }
  [[nodiscard]] std::int64_t transfer(std::int64_t requests) const {
    return config.memory.latency_cycles + requests + 4;
  }
  [[nodiscard]] std::int64_t score() const {
    return ceil_div(shape.keys, config.array.columns) * ceil_div(shape.d, config.array.depth);
  }
  [[nodiscard]] std::int64_t panels() const { return ceil_div(shape.d, config.array.columns); }
  [[nodiscard]] std::int64_t value() const {
    return panels() * ceil_div(shape.keys, config.array.depth);
  }
  [[nodiscard]] std::int64_t softmax(std::int64_t strip) const {
    return (rows(strip) + 2) * ceil_div(shape.keys, config.softmax.lanes);
  }

  /// The array takes scores of the next strip before the outputs of this one.
  [[nodiscard]] std::int64_t cycles() const {
    const std::int64_t k = requests(shape.keys * shape.d);
    std::int64_t array = transfer(std::max(k, requests(rows(0) * shape.d))) + 1, softmax_free = 0;
    std::vector<std::int64_t> ready;  // when the array can use the probabilities of a strip
    const auto scores = [&](std::int64_t strip) {
      array += score();
      const std::int64_t start = std::max(softmax_free, array + config.array.latency_cycles + 1);
      softmax_free = start + softmax(strip);
      ready.push_back(softmax_free + config.softmax.latency_cycles + 1);
    };
    scores(0);
    for (std::int64_t strip = 0; strip < strips(); ++strip) {
      if (strip + 1 < strips()) scores(strip + 1);
      array = std::max(array, ready[static_cast<std::size_t>(strip)]) + value();
    }
    const std::int64_t last = rows(strips() - 1);
    const std::int64_t columns = shape.d - (panels() - 1) * config.array.columns;
    return array + config.array.latency_cycles + 1 +
           ceil_div(last * columns, config.layer.vector_lanes) +
           config.layer.vector_latency_cycles + transfer(requests(last * shape.d)) + 1;
  }
};

TEST(StaFormulaTest, AHeadTakesWhatTheFormulaSays) {
  for (const std::int64_t latency : {0, 10, 40})
    for (const StaShape& shape :
         {StaShape{1, 1, 1, 128, 16}, StaShape{1, 1, 16, 128, 64}, StaShape{1, 1, 33, 128, 32},
          StaShape{1, 1, 64, 200, 40}, StaShape{1, 1, 50, 300, 64}}) {
      const StaFormula formula{unloaded_sta(latency), shape};
      EXPECT_EQ(sta_cycles(formula.config, sta_trace(shape)), formula.cycles())
          << shape.queries << " queries, " << shape.keys << " keys of " << shape.d;
    }
}

TEST(StaFormulaTest, EverySettingOfAUnitIsInTheFormula) {
  StaFormula formula{unloaded_sta(7), {1, 1, 29, 150, 24}};
  formula.config.array = {.rows = 8, .columns = 12, .depth = 3, .latency_cycles = 6};
  formula.config.softmax = {.lanes = 5, .latency_cycles = 23};
  formula.config.layer.vector_lanes = 7;
  formula.config.layer.vector_latency_cycles = 3;
  formula.config.layer.fetch.request_bytes = 64;
  EXPECT_EQ(sta_cycles(formula.config, sta_trace(formula.shape)), formula.cycles());
}

/// Where the softmax unit is the slowest, the run is one strip after another through it.
TEST(StaFormulaTest, ASlowSoftmaxBindsTheRun) {
  StaFormula formula{unloaded_sta(10), {1, 1, 48, 128, 16}};
  formula.config.softmax.lanes = 1;
  EXPECT_EQ(sta_cycles(formula.config, sta_trace(formula.shape)), formula.cycles());
  EXPECT_GT(formula.cycles(), 3 * formula.softmax(0));
}

}  // namespace
}  // namespace hdp::test
