// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <hdp/numeric/matrix.hpp>

namespace hdp {

/// softmax(q k^T / sqrt(d)) v in double, the yardstick of every output error. Scratch is kept.
class DenseAttention {
 public:
  static constexpr std::int64_t kMaxRows = 4;

  DenseAttention();
  DenseAttention(DenseAttention&&) noexcept;
  DenseAttention& operator=(DenseAttention&&) noexcept;
  ~DenseAttention();

  /// Keys and values [n_k, d] of one head.
  void load(MatrixView<const double> k, MatrixView<const double> v);
  /// Probabilities and outputs of up to kMaxRows queries [m, d]. Row r sees the first
  /// visible + r * step keys (step 1: causal, 0: all the same); the rest of its p is 0.
  /// p is [m, n_k], out [m, d].
  void rows(MatrixView<const double> q, std::int64_t visible, std::int64_t step,
            MatrixView<double> p, MatrixView<double> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp
