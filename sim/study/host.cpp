// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <hdp/base/error.hpp>
#include <hdp/numeric/dense_attention.hpp>
#include <hdp/numeric/error_measure.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/encoder_run.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/study/host.hpp>
#include <hdp/study/stopwatch.hpp>

namespace hdp {
namespace {

using Floats = EigenMatrix<float>;

/// A query head with what it reads, as somebody would keep it who computes in float.
struct Head {
  Floats q, k, v, out;
  std::vector<Problem> problems;
};

Floats floats_of(const Trace& trace, std::int64_t layer, TensorKind kind, std::int64_t stored) {
  Matrix<double> values;
  read_values(trace, layer, kind, stored, values);
  return values.eigen().cast<float>();
}

void add_heads(const Trace& trace, std::vector<Head>& heads) {
  for (std::int64_t l = 0; l < trace.layers(); ++l)
    for (std::int64_t h = 0; h < trace.shape(l).heads; ++h) {
      const std::int64_t stored = trace.kv_head(l, h);
      Head& head = heads.emplace_back();
      head.q = floats_of(trace, l, TensorKind::Q, h);
      head.k = floats_of(trace, l, TensorKind::K, stored);
      head.v = floats_of(trace, l, TensorKind::V, stored);
      head.out = Floats::Zero(head.q.rows(), head.v.cols());
      head.problems = problems(trace, l);
    }
}

void attend(Head& head, const Problem& problem, Floats& p) {
  const float unit = 1.0F / std::sqrt(static_cast<float>(head.q.cols()));
  const auto queries = head.q.middleRows(problem.first_query, problem.queries);
  p.noalias() = queries * head.k.topRows(problem.keys).transpose();
  for (std::int64_t i = 0; i < problem.queries; ++i) {
    auto seen = p.row(i).head(problem.visible(i)).array();
    seen = ((seen - seen.maxCoeff()) * unit).exp();
    seen /= seen.sum();
    p.row(i).tail(problem.keys - problem.visible(i)).setZero();
  }
  head.out.middleRows(problem.first_query, problem.queries).noalias() =
      p * head.v.topRows(problem.keys);
}

/// What it computed is attention: beside double.
ErrorMeasure error_of(const Head& head) {
  const Matrix<double> q = [&] {
    Matrix<double> values(head.q.rows(), head.q.cols());
    values.eigen() = head.q.cast<double>();
    return values;
  }();
  Matrix<double> k(head.k.rows(), head.k.cols()), v(head.v.rows(), head.v.cols());
  k.eigen() = head.k.cast<double>();
  v.eigen() = head.v.cast<double>();
  DenseAttention dense;
  dense.load(k.view(), v.view());
  Matrix<double> p(1, k.rows()), reference(1, v.columns()), out(1, v.columns());
  ErrorMeasure error;
  for (const Problem& problem : head.problems)
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const std::int64_t row = problem.first_query + i;
      dense.rows(q.view().slice(row, 1), problem.visible(i), 0, p.view(), reference.view());
      out.eigen() = head.out.row(row).cast<double>();
      error.add(out.values(), reference.values());
    }
  return error;
}

}  // namespace

void refuse_without_values(std::span<const Workload> workloads) {
  for (const Workload& workload : workloads)
    if (workload.rows() != nullptr)
      refuse("--host", workload.name() + " holds rows: there is nothing to multiply",
             "traces, batches, encoders");
}

HostTime time_on_host(const Workload& workload) {
  constexpr std::int64_t kLeastRuns = 3, kMostRuns = 1000;
  constexpr double kLeastSeconds = 0.2;
  refuse_without_values(std::span(&workload, 1));
  std::vector<Head> heads;
  for (const Trace& trace : workload.sequences()) add_heads(trace, heads);
  if (const Encoder* encoder = workload.encoder())
    add_heads(run_encoder(*encoder, {}, false).trace, heads);
  HostTime time{.workload = workload.name(), .time_ns = std::numeric_limits<double>::infinity()};
  Floats p;
  double all = 0;
  while (time.runs < kLeastRuns || (all < kLeastSeconds && time.runs < kMostRuns)) {
    const Stopwatch stopwatch;
    for (Head& head : heads)
      for (const Problem& problem : head.problems) attend(head, problem, p);
    const double seconds = stopwatch.seconds();
    all += seconds;
    ++time.runs;
    time.time_ns = std::min(time.time_ns, seconds * 1e9);
  }
  ErrorMeasure error;
  for (const Head& head : heads) error.add(error_of(head));
  time.relative_frobenius = error.relative_frobenius();
  return time;
}

}  // namespace hdp
