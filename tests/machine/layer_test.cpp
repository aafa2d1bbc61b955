// SPDX-License-Identifier: Apache-2.0
// Whole layers on an array: accounts, bytes, dependencies, orders of ticks, messages.
#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <machine/layer_bench.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/machine/layer/tiling.hpp>

namespace hdp::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr LayerSizes kTiny{
    .tokens = 20, .hidden = 48, .heads = 3, .kv_heads = 3, .head_dim = 16, .ffn = 100};

void expect_same(const LayerResult& a, const LayerResult& b) {
  RC_ASSERT(a.cycles == b.cycles);
  RC_ASSERT(a.units.size() == b.units.size());
  for (std::size_t u = 0; u < a.units.size(); ++u) {
    RC_ASSERT(a.units[u].busy == b.units[u].busy);
    RC_ASSERT(a.units[u].idle == b.units[u].idle);
    for (std::size_t r = 0; r < a.units[u].blocked.size(); ++r)
      RC_ASSERT(a.units[u].blocked[r].value == b.units[u].blocked[r].value);
    for (std::size_t c = 0; c < a.units[u].counters.size(); ++c)
      RC_ASSERT(a.units[u].counters[c].value == b.units[u].counters[c].value);
  }
  RC_ASSERT(a.read_bytes == b.read_bytes);
  RC_ASSERT(a.written_bytes == b.written_bytes);
  for (std::size_t p = 0; p < a.phases.size(); ++p) {
    RC_ASSERT(a.phases[p].start == b.phases[p].start);
    RC_ASSERT(a.phases[p].end == b.phases[p].end);
  }
}

struct RandomLayer {
  LayerConfig config;
  MatrixArray array;
  MemoryConfig memory;
  std::vector<LayerStep> steps;
};

RandomLayer random_layer() {
  const auto in = [](int low, int high) {
    return static_cast<std::int64_t>(*rc::gen::inRange(low, high));
  };
  RandomLayer c;
  c.array = {.rows = in(1, 9),
             .columns = in(1, 9),
             .depth = in(1, 5),
             .cycles_per_product = in(1, 3),
             .latency_cycles = in(1, 6)};
  if (in(0, 2) == 1) {
    c.config.kept = in(1, 5);
    c.config.of = c.config.kept + in(0, 5);
  }
  c.config.weight_bits = in(2, 17);
  c.config.activation_bits = in(2, 17);
  c.config.input_buffer_bytes = in(1'000, 3'000);
  c.config.weight_buffer_bytes = in(1'000, 3'000);
  c.config.output_buffer_bytes = in(300, 1'000);
  c.config.vector_lanes = in(1, 20);
  c.config.fetch = {.request_bytes = in(8, 100), .requests_in_flight = in(1, 20)};
  c.memory.bandwidth_mb_per_s = in(500, 20'000);
  c.memory.latency_cycles = in(0, 60);
  c.steps = encoder_layer_steps({.tokens = in(1, 40),
                                 .hidden = in(1, 60),
                                 .heads = in(0, 4),
                                 .kv_heads = in(0, 3),
                                 .head_dim = in(1, 20),
                                 .ffn = in(1, 120)});
  return c;
}

LayerResult play_layer(const RandomLayer& c, const PlayOptions& options) {
  return play_steps(c.config, c.array, c.steps, c.memory, options);
}

RC_GTEST_PROP(LayerTest, NoOrderOfTicksChangesAnything, ()) {
  const RandomLayer c = random_layer();
  const LayerResult want = play_layer(c, {});
  PlayOptions options;
  options.idle_cycles = IdleCycles::Visit;
  options.order.resize(8);
  std::iota(options.order.begin(), options.order.end(), std::size_t{0});
  RandomStream random(static_cast<std::uint64_t>(*rc::gen::inRange(0, 1'000'000)), "orders");
  for (int i = 0; i < 4; ++i) {
    for (std::size_t u = 7; u > 0; --u)
      std::swap(options.order[u], options.order[random.below(u + 1)]);
    expect_same(play_layer(c, options), want);
    options.idle_cycles = IdleCycles::Skip;
  }
}

RC_GTEST_PROP(LayerTest, BytesAndProductsAreThoseOfTheFormulas, ()) {
  const RandomLayer c = random_layer();
  // It checks weights and inputs against their formulas.
  const LayerResult run = play_layer(c, {});
  std::int64_t written = 0, macs = 0, kept = 0, products = 0;
  for (const LayerStep& step : c.steps) {
    const auto* matrix = std::get_if<MatrixJob>(&step);
    if (matrix != nullptr && matrix->depth == 0) continue;  // no head is alive
    if (matrix != nullptr) {
      const NmPattern pattern = matrix->pattern ? c.config.pattern() : NmPattern{};
      kept += matrix->rows * matrix->columns * kept_of(pattern, matrix->depth);
      products += matrix->rows * matrix->columns * products_of(pattern, matrix->depth);
    }
    std::visit(
        [&](const auto& job) { written += job.rows * job.columns * c.config.activation_bits; },
        step);
  }
  for (const Counter& phase : run.macs) macs += phase.value;
  const std::int64_t inputs = bytes_of(run.read_bytes, Tensor::Activations);
  const std::int64_t bytes = bytes_of(run.written_bytes, Tensor::Activations);
  RC_ASSERT(8 * bytes >= written);  // tiles are rounded up
  if (c.config.activation_bits % 8 == 0) RC_ASSERT(8 * bytes == written);
  RC_ASSERT(macs == kept);
  RC_ASSERT(run.totals.products == products);  // with the padding of short groups
  RC_ASSERT(run.memory.read_bytes == inputs + bytes_of(run.read_bytes, Tensor::Weights));
  RC_ASSERT(run.memory.written_bytes == bytes);
}

TEST(LayerTest, AStepWaitsForWhatItReads) {
  const LayerResult run = play_steps(sparse_layer(), {.depth = 2}, encoder_layer_steps(kTiny));
  ASSERT_EQ(run.phases.size(), 8U);
  const auto phase = [&](const char* name) {
    return *std::ranges::find(run.phases, name, &LayerPhase::name);
  };
  EXPECT_LT(phase("k_projection").start, phase("q_projection").end);  // nothing of it is read
  EXPECT_GE(phase("o_projection").start, phase("v_projection").end);
  EXPECT_GE(phase("norm_1").start, phase("o_projection").end);
  EXPECT_GE(phase("ffn_1").start, phase("norm_1").end);
  EXPECT_GE(phase("ffn_2").start, phase("ffn_1").end);
  EXPECT_GE(phase("norm_2").start, phase("ffn_2").end);
  EXPECT_EQ(phase("norm_2").end + 1, run.cycles);
  std::int64_t path = 0;
  for (const CriticalTime& time : run.critical_path) path += time.cycles();
  EXPECT_EQ(path, run.cycles);
}

TEST(LayerTest, PrunedTokensAndHeadsShortenProducts) {
  const auto macs = [](const LayerSizes& sizes) {
    std::vector<std::int64_t> all;
    for (const Counter& phase : play_steps({}, {}, encoder_layer_steps(sizes)).macs)
      all.push_back(phase.value);
    return all;
  };
  LayerSizes fewer = kTiny;
  fewer.tokens = 5;
  fewer.heads = 2;
  fewer.kv_heads = 1;
  const std::int64_t t = 5, h = 48, d = 16, f = 100;
  EXPECT_EQ(macs(kTiny), (std::vector<std::int64_t>{20 * h * h, 20 * h * h, 20 * h * h, 20 * h * h,
                                                    20 * h * f, 20 * h * f}));
  EXPECT_EQ(macs(fewer), (std::vector<std::int64_t>{t * h * 2 * d, t * h * d, t * h * d,
                                                    t * h * 2 * d, t * h * f, t * h * f}));
  fewer.heads = fewer.kv_heads = 0;
  EXPECT_EQ(macs(fewer), (std::vector<std::int64_t>{t * h * f, t * h * f}));
}

TEST(LayerTest, EveryUnitIsPricedAndSelectorsOnlyWithAPattern) {
  const std::vector<LayerStep> steps = encoder_layer_steps(kTiny);
  const LayerResult dense = play_steps({}, {.depth = 2}, steps);
  const LayerResult sparse = play_steps(sparse_layer(), {.depth = 2}, steps);
  const auto cost = [](const std::vector<UnitCost>& costs, std::string_view unit) {
    return std::ranges::find(costs, unit, &UnitCost::instance)->total();
  };
  for (const char* unit :
       {"matrix_engine", "vector_unit", "input_buffer", "weight_buffer", "output_buffer", "memory"})
    EXPECT_GT(cost(sparse.energy.energy_pj, unit), 0) << unit;
  EXPECT_GT(cost(sparse.energy.area_um2, "input_buffer"), 0);
  EXPECT_EQ(cost(dense.energy.area_um2, "matrix_engine"), 0);
  // 256 PEs of two multipliers, each behind seven multiplexers of 8 bits.
  EXPECT_DOUBLE_EQ(cost(sparse.energy.area_um2, "matrix_engine"),
                   256 * 2 * 7 * 8 / 32.0 * EnergyTable{}.mux_area_32.value);
  EXPECT_EQ(dense.totals.sparse_products, 0);
  EXPECT_EQ(sparse.totals.sparse_products, sparse.totals.products);
}

TEST(LayerTest, ADramServesALayer) {
  MemoryConfig memory;
  memory.model = "dram";
  const LayerResult run =
      play_steps(sparse_layer(), {.depth = 2}, encoder_layer_steps(kTiny), memory);
  ASSERT_TRUE(run.dram);
  EXPECT_GT(run.memory.moved_bytes, 0);
  EXPECT_GT(run.cycles, 0);
}

TEST(LayerTest, ABufferThatIsTooSmallIsNamed) {
  LayerConfig config;
  config.weight_buffer_bytes = 30;
  EXPECT_THAT(
      [&] { play_steps(config, {}, {product(16, 16, 64)}); },
      ThrowsMessage<UserError>(HasSubstr("/layer/weight_buffer_bytes: half of 30 bytes does "
                                         "not hold a step of the array")));
  config = {};
  config.output_buffer_bytes = 300;
  EXPECT_THAT(
      [&] { play_steps(config, {}, {product(16, 16, 64)}); },
      ThrowsMessage<UserError>(HasSubstr("/layer/output_buffer_bytes: half of 300 bytes does "
                                         "not hold 16 x 16 outputs")));
  config = {};
  config.input_buffer_bytes = 500;
  const LayerStep rows = VectorJob{.phase = "norm", .rows = 2, .columns = 300};
  EXPECT_THAT(
      [&] { play_steps(config, {}, {rows}); },
      ThrowsMessage<UserError>(HasSubstr("/layer/input_buffer_bytes: half of 500 bytes does "
                                         "not hold a row of 1 operands of 300 elements")));
}

TEST(LayerTest, APatternKeepsAtMostItsGroup) {
  for (const NmPattern& pattern : {NmPattern{5, 4}, NmPattern{0, 4}, NmPattern{2, 0}}) {
    const LayerConfig config = sparse_layer(pattern.kept, pattern.of);
    EXPECT_THAT([&] { validate(config, "/layer"); },
                ThrowsMessage<UserError>(HasSubstr("/layer/kept")));
  }
}

}  // namespace
}  // namespace hdp::test
