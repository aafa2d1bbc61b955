// SPDX-License-Identifier: Apache-2.0
// LeOPArd's machine against the closed formula of docs/leopard.md.
#include <algorithm>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <machine/leopard_bench.hpp>

#include <hdp/base/quantity.hpp>
#include <hdp/prune/leopard_head.hpp>
#include <hdp/prune/leopard_threshold.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp::test {
namespace {

/// The rows of the only head of a trace, all loaded before the first begins.
class LeopardFormula {
 public:
  LeopardFormula(const LeopardConfig& config, const Trace& trace)
      : config_(config),
        steps_(ceil_div(trace.shape(0).d, config.dot_product.taps)),
        values_(ceil_div(trace.shape(0).d, config.value.macs)) {
    const LeopardSettings settings = config.prune.settings();
    const auto stored = std::make_shared<const LeopardStored>(trace, 0, 0, settings);
    const LeopardHead head(trace, 0, 0, settings, stored);
    const std::int64_t all = config.prune.steps();
    const std::int64_t threshold =
        config.prune.pruning
            ? least_score(leopard_thresholds(trace, settings, true, 1).front(), head.unit())
            : -(std::int64_t{1} << 62);
    for (const Problem& problem : problems(trace, 0))
      for (std::int64_t i = 0; i < problem.queries; ++i) {
        BitSerialQuery& row = rows_.emplace_back();
        head.decide(problem.first_query + i, problem.visible(i), threshold, row);
        if (!config.prune.early_termination) std::ranges::fill(row.steps, all);
      }
  }

  /// From a request to its arrival: four hops and the cycle of its bytes.
  [[nodiscard]] std::int64_t fetch() const { return config_.memory.latency_cycles + 5; }

  /// Row r: front(r) = the largest sum of steps of a unit; the value unit takes a survivor when it
  /// is there and the last is done with.
  [[nodiscard]] std::int64_t cycles() const {
    std::int64_t front = fetch() + 1, back = 0;
    for (const BitSerialQuery& row : rows_) {
      std::vector<std::int64_t> sums(static_cast<std::size_t>(config_.dot_product.units), front);
      std::vector<std::int64_t> there;
      auto survivor = row.survivors.begin();
      for (std::size_t j = 0; j < row.steps.size(); ++j) {
        std::int64_t& sum = sums[j % sums.size()];
        sum += row.steps[j] * steps_;
        if (survivor == row.survivors.end() || *survivor != static_cast<std::int32_t>(j)) continue;
        there.push_back(sum + 1);
        ++survivor;
      }
      front = *std::ranges::max_element(sums);
      std::ranges::sort(there);
      std::vector<std::int64_t> lanes(static_cast<std::size_t>(config_.value.lanes), back);
      for (const std::int64_t at : there) {
        std::int64_t& lane = *std::ranges::min_element(lanes);
        lane = std::max(lane, at) + values_;
        back = std::max(back, lane);
      }
    }
    return std::max(back, front + 1) + config_.value.latency() + fetch() + 1;
  }

 private:
  const LeopardConfig& config_;
  std::int64_t steps_, values_;
  std::vector<BitSerialQuery> rows_;
};

void expect_formula(const LeopardConfig& config, const Trace& trace) {
  for (const LeopardConfig& machine : {config, without_pruning(config)})
    EXPECT_EQ(run_leopard(machine, trace, {.fidelity = false}).cycles,
              (LeopardFormula{machine, trace}.cycles()));
}

TEST(LeopardFormulaTest, AHeadTakesWhatTheFormulaSays) {
  for (const std::int64_t latency : {1, 10, 77})
    for (const std::int64_t n : {1, 2, 7, 12, 20})
      for (const std::int64_t units : {1, 6, 8}) {
        SCOPED_TRACE(testing::Message() << "latency " << latency << ", n " << n);
        LeopardConfig config = unloaded_leopard(latency);
        config.dot_product.units = units;
        expect_formula(config, prefill_trace(1, 1, n));
      }
}

TEST(LeopardFormulaTest, EverySettingOfAUnitIsInTheFormula) {
  LeopardConfig config = unloaded_leopard(20);
  config.dot_product.taps = 24;
  config.value.macs = 10;
  config.value.exponential_cycles = 9;
  config.value.divide_cycles = 2;
  config.prune.calibrate = 0.4;
  for (const std::int64_t step_bits : {1, 2, 3, 4, 6, 12}) {
    config.prune.step_bits = step_bits;
    for (const MarginRule margin : {MarginRule::SignPairs, MarginRule::AllMagnitudes}) {
      config.prune.margin = margin;
      expect_formula(config, prefill_trace(1, 1, 18));
    }
  }
  config.value.lanes = 3;
  expect_formula(config, prefill_trace(1, 1, 18));
  config.prune.early_termination = false;
  expect_formula(config, prefill_trace(1, 1, 18));
}

}  // namespace
}  // namespace hdp::test
