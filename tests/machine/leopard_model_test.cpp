// SPDX-License-Identifier: Apache-2.0
// Real traces, on a memory that is fast enough: LeOPArd's machines beside the models of
// docs/leopard.md. Rows of which each takes as long as its slower end, and, without a row's wait
// for its slowest unit, units over the mean of the steps.
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <machine/leopard_bench.hpp>

#include "support/quick.hpp"
#include <hdp/workload/trace.hpp>

namespace hdp::test {
namespace {

namespace fs = std::filesystem;

struct ModelCase {
  const char* file;
  std::int64_t units;
  double most_below;  ///< Of the model of mean steps.
};

class LeopardModelTest : public testing::TestWithParam<ModelCase> {};

LeopardConfig fast(std::int64_t units) {
  LeopardConfig config = unloaded_leopard(50);
  config.fetch = LeopardConfig{}.fetch;
  config.dot_product.units = units;
  return config;
}

double of(std::int64_t a, std::int64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

TEST_P(LeopardModelTest, CyclesAreThoseOfTheModels) {
  const ModelCase& c = GetParam();
  fs::path path = fs::path(HDP_SOURCE_DIR) / "configs" / "workloads" / c.file;
  if (kQuick && !fs::exists(path)) GTEST_SKIP() << c.file << ": a release build plays it";
  if (!fs::exists(path)) path = fs::path(HDP_REFERENCE_DIR) / "data" / c.file;
  if (!fs::exists(path)) GTEST_SKIP() << c.file << " is not there: set HDP_REFERENCE_DIR";
  const Trace trace = load_trace(path);
  const PlayOptions options{.fidelity = false, .threads = 2};

  LeopardConfig base = without_pruning(fast(1));
  base.prune.step_bits = base.prune.k_bits;
  const LeopardResult one = run_leopard(base, trace, options);
  const LeopardResult run = run_leopard(fast(c.units), trace, options);
  const LeopardCounts counts = total_of(run.decisions);
  ASSERT_EQ(counts.pairs, total_of(one.decisions).pairs);

  std::int64_t waits = 0;
  for (const UnitReport& unit : run.units)
    for (const Counter& reason : unit.blocked)
      if (unit.kind == "dot_product_unit" && reason.name == "row") waits += reason.value;
  const double all = static_cast<double>(c.units * run.cycles);

  // Row by row. A decode's heads are short: each begins with what the last leaves to be loaded.
  const double room = trace.stage() == Stage::Decode ? 0.05 : 0.01;
  EXPECT_NEAR(of(run.cycles, run.totals.row_cycles), 1, room);
  EXPECT_GE(run.cycles, counts.steps_total() / c.units);

  const double model = of(c.units * counts.pairs, counts.steps_total());
  const double speedup = of(one.cycles, run.cycles);
  EXPECT_LT(speedup, model * 1.001);
  EXPECT_GT(speedup, model * (1 - c.most_below));
  EXPECT_NEAR(speedup / model, 1 - static_cast<double>(waits) / all, room);
  RecordProperty("speedup", std::to_string(speedup));
}

INSTANTIATE_TEST_SUITE_P(Traces, LeopardModelTest,
                         testing::Values(ModelCase{"minilm_sotu_n64.safetensors", 6, 0.14},
                                         ModelCase{"minilm_sotu_n64.safetensors", 8, 0.16},
                                         ModelCase{"minilm_sotu_n256.safetensors", 6, 0.065},
                                         ModelCase{"minilm_sotu_n256.safetensors", 8, 0.08},
                                         ModelCase{"smollm2_prefill_n256.safetensors", 6, 0.065},
                                         ModelCase{"smollm2_prefill_n1024.safetensors", 6, 0.05},
                                         ModelCase{"smollm2_decode_ctx1024_s64.safetensors", 6,
                                                   0.05}));

}  // namespace
}  // namespace hdp::test
