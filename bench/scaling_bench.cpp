// SPDX-License-Identifier: Apache-2.0
// How the cost of a run grows with the sequence: one layer of BERT-Base, n tokens, one thread.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "machines.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp {
namespace {

/// Peak resident memory of this process so far; benchmarks run in rising n.
double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// The integer pass keeps every PE array busy for ceil(n/R) ceil(n/C) d cycles a head.
bool integer_cycles_are_right(const HdpResult& result, std::int64_t n) {
  const PeArrayConfig& array = result.config.core.pe_array;
  const std::int64_t expected = 12 * ceil_div(n, array.rows) * ceil_div(n, array.columns) * 64;
  std::int64_t busy = 0;
  for (const UnitReport& unit : result.units)
    if (unit.kind == "pe_array")
      for (const Counter& counter : unit.counters)
        if (counter.name == "integer_cycles") busy += counter.value;
  return busy == expected;
}

void run_of_n_tokens(benchmark::State& state) {
  const std::int64_t n = state.range(0);
  HdpConfig config = bench::machine("hdp_server");
  const Trace trace = bench::bert_base_layer(n);
  PlayOptions options;
  options.fidelity = false;
  std::int64_t cycles = 0;
  for (auto _ : state) {
    const HdpResult result = run_hdp(config, trace, options);
    if (!integer_cycles_are_right(result, n)) state.SkipWithError("wrong integer pass");
    if (cycles != 0 && cycles != result.cycles) state.SkipWithError("cycles moved");
    cycles = result.cycles;
  }
  const auto rate = benchmark::Counter::kIsIterationInvariantRate;
  state.counters["sim_cycles/s"] = benchmark::Counter(static_cast<double>(cycles), rate);
  state.counters["dense_MAC/s"] =
      benchmark::Counter(2.0 * 12 * 64 * static_cast<double>(n * n), rate);
  state.counters["peak_MiB"] = peak_mib();
  state.SetComplexityN(n);
}
BENCHMARK(run_of_n_tokens)
    ->RangeMultiplier(2)
    ->Range(64, 4096)
    ->Unit(benchmark::kMillisecond)
    ->Complexity(benchmark::oNSquared);

}  // namespace
}  // namespace hdp
