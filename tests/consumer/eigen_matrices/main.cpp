// SPDX-License-Identifier: Apache-2.0
// Eigen matrices in, a trace, its heads and their attention out.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <vector>

#include <hdp/numeric/dense_attention.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/workload/make_trace.hpp>

namespace {

using Rows = hdp::EigenMatrix<double>;
using FixedRows = Eigen::Matrix<double, 8, 4, Eigen::RowMajor>;

#ifdef __AVX2__
constexpr bool kWide = true;
#else
constexpr bool kWide = false;
#endif
static_assert(!kWide || alignof(FixedRows) == 32, "owners are wider here than in the library");

constexpr int kSkipped = 77;
constexpr std::int64_t kKeptEntries = 28;  // by a program without wide vectors

Rows waves(std::int64_t rows, std::int64_t columns, double pace) {
  Rows matrix(rows, columns);
  for (std::int64_t i = 0; i < matrix.size(); ++i)
    matrix.data()[i] = 3 * std::sin(pace * static_cast<double>(i));
  return matrix;
}

/// softmax(q k^T / sqrt(d)) v, all of it by Eigen.
Rows attention(const Rows& q, const Rows& k, const Rows& v) {
  const Rows logits = q * k.transpose() / std::sqrt(static_cast<double>(q.cols()));
  const Rows p = (logits.colwise() - logits.rowwise().maxCoeff()).array().exp();
  return (p * v).array().colwise() / p.rowwise().sum().array();
}

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

void play() {
  const std::vector<Rows> q{waves(4, 4, 0.1), waves(4, 4, 0.7)};
  const Rows k = waves(8, 4, 0.3);
  const FixedRows v = waves(8, 4, 1.1);
  const hdp::LayerMatrices layer{{q.begin(), q.end()}, {k}, {v}};
  const hdp::Trace trace = hdp::make_trace({.name = "waves"}, {&layer, 1});

  const hdp::Matrix<double> q1 = trace.read_head(0, hdp::TensorKind::Q, 1);
  const hdp::Matrix<double> v0 = trace.read_head(0, hdp::TensorKind::V, 0);
  require(q1.eigen() == q[1] && v0.eigen() == v, "a head comes back as it went in");

  hdp::DenseAttention dense;
  dense.load(k, v);
  Rows p(4, 8), out(4, 4);
  dense.rows(q[1], k.rows(), 0, p, out);
  require((out - attention(q[1], k, v)).cwiseAbs().maxCoeff() < 1e-13, "attention is Eigen's");

  const hdp::HdpDecisions decisions = hdp::decide_hdp(trace, {}, std::nullopt, 1);
  std::cout << decisions.total.kept_entries << " of 64 entries kept, cosine "
            << *decisions.layers[0].heads[1].error.cosine() << '\n';
  require(decisions.total.kept_entries == kKeptEntries, "the decisions are everybody's");
}

}  // namespace

int main() {
  if (!kWide || __builtin_cpu_supports("avx2") == 0) {
    std::cout << "SKIPPED: " << (kWide ? "this processor" : "the compiler") << " has no AVX2\n";
    return kSkipped;
  }
  try {
    play();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
