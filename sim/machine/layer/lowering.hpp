// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "machine/layer/double_buffer.hpp"
#include "machine/layer/program.hpp"
#include <hdp/machine/layer/play.hpp>
#include <hdp/machine/layer/tiling.hpp>

namespace hdp::layer {

/// A matrix of activations in memory: row tile after row tile, a tile column panel after column
/// panel, so that a tile of outputs and a stretch of a row tile are each one range.
struct Matrix {
  std::uint64_t address = 0;
  std::int64_t rows = 0, columns = 0;
  std::uint32_t written = 0;  ///< Writes of the program that must have ended.
};

/// What is in a buffer, and how many loads must have ended for it.
struct Loaded {
  DoubleBuffer::Place place{};
  std::uint32_t count = 0;
};

/// A tile of outputs and where it goes.
struct TileOut {
  std::int64_t rows = 0, columns = 0;
  std::uint64_t address = 0;
  Tensor tensor = Tensor::Activations;
};

/// Makes one program of steps.
class Lowering {
 public:
  Lowering(const LayerConfig& config, const MatrixArray& array)
      : config_(config),
        array_(array),
        inputs_(config.input_buffer_bytes),
        weights_(config.weight_buffer_bytes),
        outputs_(config.output_buffer_bytes) {}

  void add(const MatrixJob& job);
  void add(const VectorJob& job);
  [[nodiscard]] const Program& program() const { return program_; }

  [[nodiscard]] const LayerTotals& totals() const { return totals_; }
  /// What the closed formulas say is read.
  [[nodiscard]] std::int64_t weight_bytes() const { return weight_bytes_; }
  [[nodiscard]] std::int64_t input_bytes() const { return input_bytes_; }
  [[nodiscard]] const std::vector<Counter>& macs() const { return macs_; }

 private:
  /// The product that is being lowered.
  struct Product {
    const MatrixJob* job = nullptr;
    NmPattern pattern;
    Tiling tiling;
    Matrix input;
    Needs input_needs;
    std::uint64_t weights = 0;
    std::uint32_t phase = 0;

    [[nodiscard]] std::int64_t rows_of(std::int64_t tile) const;
    [[nodiscard]] std::int64_t columns_of(std::int64_t panel) const;
  };
  /// A stretch of the reduction.
  struct Stretch {
    std::int64_t begin = 0, end = 0;
    [[nodiscard]] std::int64_t length() const { return end - begin; }
  };

  void add_nothing(const std::string& phase);
  void lower_around_weights(const Product& product);
  void lower_around_inputs(const Product& product);
  void lower_around_nothing(const Product& product);
  template <class Visit>
  void for_each_chunk(const Product& product, const Visit& visit);
  Loaded load_weights(const Product& product, std::int64_t panel, Stretch stretch);
  Loaded load_inputs(const Product& product, std::int64_t tile, Stretch stretch);
  void pass(const Product& product, std::int64_t tile, std::int64_t panel, Stretch stretch,
            const Loaded& weights, const Loaded& inputs);
  std::uint32_t finish(std::uint32_t phase, Needs needs, const TileOut& tile,
                       std::int64_t vector_passes);

  [[nodiscard]] Needs needs_of(InputStep step) const;
  Matrix matrix_of(InputStep step, std::int64_t rows, std::int64_t columns);
  [[nodiscard]] std::uint64_t address_of(const Matrix& matrix, std::int64_t row_tile,
                                         std::int64_t column) const;
  std::uint64_t allocate(std::int64_t bytes);

  const LayerConfig& config_;
  const MatrixArray& array_;
  Program program_;
  DoubleBuffer inputs_, weights_, outputs_;
  std::uint64_t next_address_ = 0;
  std::vector<Matrix> written_;                                    ///< By step.
  std::map<std::pair<std::int64_t, std::int64_t>, Matrix> given_;  ///< By rows and columns.
  LayerTotals totals_;
  std::int64_t weight_bytes_ = 0, input_bytes_ = 0;
  std::vector<Counter> macs_;
};

}  // namespace hdp::layer
