// SPDX-License-Identifier: Apache-2.0
// A whole run (decisions, timing, baseline, report) beside dense attention of the same heads,
// written plainly with Eigen in float: the ratio of both in one benchmark. One thread.
#include <chrono>
#include <limits>
#include <vector>

#include <Eigen/Dense>
#include <benchmark/benchmark.h>

#include "machines.hpp"
#include <hdp/machine/hdp/kind.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/beside.hpp>

namespace hdp {
namespace {

using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct FloatHead {
  FloatMatrix q, k, v;
};

std::vector<FloatHead> float_heads(const Trace& trace) {
  const LayerShape& shape = trace.shape(0);
  std::vector<FloatHead> heads(static_cast<std::size_t>(shape.heads));
  std::vector<double> values(static_cast<std::size_t>(shape.n_k * shape.d));
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    auto& head = heads[static_cast<std::size_t>(h)];
    for (auto [kind, matrix] :
         {std::pair{TensorKind::Q, &head.q}, std::pair{TensorKind::K, &head.k},
          std::pair{TensorKind::V, &head.v}}) {
      trace.read_head(0, kind, h, values);
      *matrix = Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
                    values.data(), shape.n_k, shape.d)
                    .cast<float>();
    }
  }
  return heads;
}

/// softmax(q k^T / sqrt(d)) v of every head; returns a checksum of the outputs.
double dense_attention(const std::vector<FloatHead>& heads) {
  FloatMatrix scores, out;
  double sum = 0;
  for (const FloatHead& head : heads) {
    scores.noalias() = head.q * head.k.transpose();
    scores *= 1.0F / std::sqrt(static_cast<float>(head.q.cols()));
    for (Eigen::Index i = 0; i < scores.rows(); ++i) {
      auto row = scores.row(i).array();
      row = (row - row.maxCoeff()).exp();
      row /= row.sum();
    }
    out.noalias() = scores * head.v;
    sum += static_cast<double>(out.sum());
  }
  return sum;
}

template <class Work>
double seconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::int64_t whole_run(const Machine& machine, const Workload& workload, bool fidelity) {
  PlayOptions options;
  options.fidelity = fidelity;
  const Comparison comparison = play_beside(machine, workload, Baseline(), options);
  benchmark::DoNotOptimize(report_json(comparison, false).size());
  return comparison.run.cycles;
}

/// Alternates the two, takes the least time of each.
void run_beside_eigen(benchmark::State& state, bool fidelity) {
  const auto machine = make_machine(bench::machine("hdp_server"));
  const Trace trace = bench::bert_base_layer(384);
  const Workload workload(trace);
  const std::vector<FloatHead> heads = float_heads(trace);
  const std::int64_t expected = whole_run(*machine, workload, fidelity);
  double eigen = std::numeric_limits<double>::infinity(), ours = eigen;
  for (auto _ : state) {
    eigen = std::min(eigen, seconds([&] { benchmark::DoNotOptimize(dense_attention(heads)); }));
    std::int64_t cycles = 0;
    const double once = seconds([&] { cycles = whole_run(*machine, workload, fidelity); });
    ours = std::min(ours, once);
    state.SetIterationTime(once);
    if (cycles != expected) state.SkipWithError("the run gave another number of cycles");
  }
  const double macs = 2.0 * 12 * 384 * 384 * 64;
  state.counters["over_eigen"] = ours / eigen;
  state.counters["eigen_ms"] = 1e3 * eigen;
  state.counters["sim_cycles/s"] = static_cast<double>(expected) / ours;
  state.counters["dense_MAC/s"] = macs / ours;
}

void whole_run_fidelity_off(benchmark::State& state) { run_beside_eigen(state, false); }
void whole_run_fidelity_on(benchmark::State& state) { run_beside_eigen(state, true); }
BENCHMARK(whole_run_fidelity_off)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK(whole_run_fidelity_on)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(10);

}  // namespace
}  // namespace hdp
