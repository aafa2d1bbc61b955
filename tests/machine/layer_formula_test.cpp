// SPDX-License-Identifier: Apache-2.0
// The steps of a layer against the closed formulas of sim/machine/layer/layer.md.
#include <gtest/gtest.h>
#include <machine/layer_bench.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/layer/tiling.hpp>

namespace hdp::test {
namespace {

/// One product alone on the machine, whose passes are long enough to hide everything else.
struct Formula {
  LayerConfig config;
  MatrixArray array;
  ProductShape shape;
  std::int64_t latency = 10;

  [[nodiscard]] std::int64_t requests(std::int64_t bytes) const {
    return ceil_div(bytes, config.fetch.request_bytes);
  }
  /// From the command to what hangs on its data.
  [[nodiscard]] std::int64_t transfer(std::int64_t bytes) const {
    return latency + requests(bytes) + 4;
  }
  [[nodiscard]] std::int64_t cycles() const {
    const Tiling tiling = tiling_of(config, array, config.pattern(), shape);
    const std::int64_t first =
        std::max(weight_bytes(config, config.pattern(), tiling.tile_columns, shape.depth),
                 activation_bytes(config, tiling.tile_rows, shape.depth));
    const std::int64_t rows = shape.rows - (tiling.row_tiles - 1) * tiling.tile_rows;
    const std::int64_t columns = shape.columns - (tiling.column_tiles - 1) * tiling.tile_columns;
    const std::int64_t passes =
        tiling.row_tiles * tiling.column_tiles * tile_cycles(array, config.pattern(), shape.depth);
    const std::int64_t vector =
        1 + ceil_div(rows * columns, config.vector_lanes) + config.vector_latency_cycles;
    return transfer(first) + 1 + passes + array.latency_cycles + vector +
           transfer(activation_bytes(config, rows, columns)) + 1;
  }
};

TEST(LayerFormulaTest, AProductTakesWhatTheFormulaSays) {
  for (const NmPattern& pattern : {NmPattern{}, NmPattern{2, 8}, NmPattern{1, 4}})
    for (const std::int64_t latency : {0, 10, 50})
      for (const ProductShape& shape :
           {ProductShape{1, 1, 800}, ProductShape{16, 16, 800}, ProductShape{17, 33, 804},
            ProductShape{128, 40, 2000}, ProductShape{100, 320, 1200}}) {
        const Formula formula{sparse_layer(pattern.kept, pattern.of), {.depth = 2}, shape, latency};
        const LayerResult run =
            play_steps(formula.config, formula.array,
                       {product(shape.rows, shape.columns, shape.depth)}, unloaded_memory(latency));
        EXPECT_EQ(run.cycles, formula.cycles())
            << pattern.kept << ":" << pattern.of << ", " << shape.rows << " x " << shape.columns
            << " x " << shape.depth << ", latency " << latency;
      }
}

TEST(LayerFormulaTest, EverySettingOfAUnitIsInTheFormula) {
  Formula formula{sparse_layer(),
                  {.rows = 8, .columns = 4, .depth = 2, .cycles_per_product = 2},
                  {20, 10, 640},
                  7};
  formula.array.latency_cycles = 9;
  formula.config.vector_lanes = 3;
  formula.config.vector_latency_cycles = 13;
  formula.config.fetch.request_bytes = 64;
  formula.config.activation_bits = 6;
  formula.config.weight_bits = 5;
  EXPECT_EQ(
      play_steps(formula.config, formula.array, {product(20, 10, 640)}, unloaded_memory(7)).cycles,
      formula.cycles());
}

TEST(LayerFormulaTest, AProductInChunksKeepsTheArrayAsBusy) {
  LayerConfig config = sparse_layer();
  config.input_buffer_bytes = 4'096;  // a row tile of 16 x 512 does not fit a half
  const MatrixArray array{.depth = 2};
  const LayerResult run = play_steps(config, array, {product(64, 64, 512)});
  EXPECT_EQ(tiling_of(config, array, {2, 8}, {64, 64, 512}).chunk, 128);
  EXPECT_EQ(busy(run), 16 * 512 / 8);
  EXPECT_EQ(bytes_of(run.read_bytes, Tensor::Activations), 4 * 64 * 512);
}

/// Of BERT-Base with 128 tokens.
TEST(LayerFormulaTest, SparseOverDenseIsTheShareThatIsKept) {
  const MatrixArray array{.depth = 2};
  for (const ProductShape& shape :
       {ProductShape{128, 768, 768}, ProductShape{128, 3072, 768}, ProductShape{128, 768, 3072}}) {
    const std::vector<LayerStep> steps{product(shape.rows, shape.columns, shape.depth)};
    const LayerResult sparse = play_steps(sparse_layer(), array, steps),
                      dense = play_steps({}, array, steps);
    EXPECT_EQ(busy(sparse) * 4, busy(dense));
    const auto ratio = static_cast<double>(sparse.cycles) / static_cast<double>(dense.cycles);
    EXPECT_NEAR(ratio, 0.25, 0.002);
  }
}

TEST(LayerFormulaTest, WeightsTakeTheBitsOfTheFormula) {
  for (const NmPattern& pattern : {NmPattern{2, 4}, NmPattern{2, 8}, NmPattern{1, 8}})
    for (const std::int64_t bits : {8, 16}) {
      LayerConfig config = sparse_layer(pattern.kept, pattern.of);
      config.weight_bits = bits;
      const LayerResult run = play_steps(config, {.depth = 2}, {product(16, 64, 256)});
      const std::int64_t groups = 64 * 256 / pattern.of;
      EXPECT_EQ(8 * bytes_of(run.read_bytes, Tensor::Weights),
                groups * (pattern.kept * bits + pattern.of));
    }
  // A dense product is left as it is.
  LayerStep dense = product(16, 64, 256);
  std::get<MatrixJob>(dense).pattern = false;
  EXPECT_EQ(bytes_of(play_steps(sparse_layer(), {}, {dense}).read_bytes, Tensor::Weights),
            64 * 256);
}

/// Every operand that fits a half stays there, and the way that reads least is taken.
TEST(LayerFormulaTest, TheCheaperOfTwoLoopOrdersIsTaken) {
  const MatrixArray array{.depth = 2};
  LayerConfig config;
  config.kept = 2;
  config.of = 8;
  // 48 panels of 16 x 96 x 3 bytes, 7 in a half: the inputs are read 7 times.
  const Tiling weights = tiling_of(config, array, {2, 8}, {128, 768, 768});
  EXPECT_EQ(weights.stays, Stays::Weights);
  EXPECT_EQ(weights.together, 7);
  EXPECT_EQ(weights.weight_bytes, 768 * 96 * 3);
  EXPECT_EQ(weights.input_bytes, 7 * 128 * 768);
  // 12 KB a row tile, 2 in a half; dense panels as large: the weights would be read 4 times.
  const Tiling inputs = tiling_of(config, array, {}, {32, 768, 768});
  EXPECT_EQ(inputs.stays, Stays::Inputs);
  EXPECT_EQ(inputs.together, 2);
  EXPECT_EQ(inputs.weight_bytes, 768 * 768);
  EXPECT_EQ(inputs.input_bytes, 32 * 768);
  // Neither fits: both stream.
  const Tiling nothing = tiling_of(config, array, {}, {64, 48, 3072});
  EXPECT_EQ(nothing.stays, Stays::Nothing);
  EXPECT_EQ(nothing.chunk, 1536);
  EXPECT_EQ(nothing.weight_bytes, 4 * 48 * 3072);
  EXPECT_EQ(nothing.input_bytes, 3 * 64 * 3072);
}

TEST(LayerFormulaTest, RowsOfAVectorStepTakeWhatTheFormulaSays) {
  const LayerConfig config;
  const std::int64_t latency = 10, vector = 4 * 300 / 16 * 16;
  const LayerStep step = VectorJob{
      .phase = "norm", .rows = 64, .columns = 300, .inputs = {{}, {}}, .vector_passes = 4};
  const LayerResult run = play_steps(config, {}, {step}, unloaded_memory(latency));
  const std::int64_t requests = 2 * ceil_div(16 * 300, 256);
  EXPECT_EQ(run.cycles, latency + requests + 4 + 1 + 4 * vector + config.vector_latency_cycles +
                            latency + requests / 2 + 4 + 1);
  EXPECT_EQ(bytes_of(run.read_bytes, Tensor::Activations), 2 * 64 * 300);
  EXPECT_EQ(bytes_of(run.written_bytes, Tensor::Activations), 64 * 300);
  EXPECT_EQ(run.totals.vector_operations, 4 * 64 * 300);
}

}  // namespace
}  // namespace hdp::test
