// SPDX-License-Identifier: Apache-2.0
// Dense attention in double, the yardstick of every output error, beside the same in Eigen.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include <Eigen/Dense>
#include <benchmark/benchmark.h>

#include <hdp/base/random.hpp>
#include <hdp/numeric/dense_attention.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kTokens = 384, kDepth = 64;
constexpr double kNear = 1e-12;

using EigenMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix<double> random_values(std::string_view name) {
  RandomStream stream(1, name);
  Matrix<double> values(kTokens, kDepth);
  for (double& value : values.values()) value = stream.normal();
  return values;
}

EigenMatrix of(const Matrix<double>& values) {
  return Eigen::Map<const EigenMatrix>(values.values().data(), values.rows(), kDepth);
}

EigenMatrix in_eigen(const EigenMatrix& q, const EigenMatrix& k, const EigenMatrix& v) {
  EigenMatrix scores = q * k.transpose() * (1.0 / std::sqrt(static_cast<double>(kDepth)));
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    auto row = scores.row(i).array();
    row = (row - row.maxCoeff()).exp();
    row /= row.sum();
  }
  return scores * v;
}

template <class Work>
double seconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void dense_beside_eigen(benchmark::State& state) {
  const auto q = random_values("q"), k = random_values("k"), v = random_values("v");
  const EigenMatrix eq = of(q), ek = of(k), ev = of(v);
  Matrix<double> p(DenseAttention::kMaxRows, kTokens), out(kTokens, kDepth);
  EigenMatrix expected;
  DenseAttention attention;
  double ours = std::numeric_limits<double>::infinity(), eigen = ours;
  for (auto _ : state) {
    const double once = seconds([&] {
      attention.load(k.view(), v.view());
      for (std::int64_t i = 0; i < kTokens; i += DenseAttention::kMaxRows)
        attention.rows(q.view().slice(i, DenseAttention::kMaxRows), kTokens, 0, p.view(),
                       out.view().slice(i, DenseAttention::kMaxRows));
    });
    ours = std::min(ours, once);
    eigen = std::min(eigen, seconds([&] { expected = in_eigen(eq, ek, ev); }));
    state.SetIterationTime(once);
  }
  if ((of(out) - expected).cwiseAbs().maxCoeff() > kNear) state.SkipWithError("wrong outputs");
  state.counters["eigen_over_ours"] = eigen / ours;
}
BENCHMARK(dense_beside_eigen)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hdp
