// SPDX-License-Identifier: Apache-2.0
// Speed of the SpAtten authors' RTL in this project against the same RTL under Verilator: 48 heads
// of 1,024 keys, whose cycles were measured there.
#include <benchmark/benchmark.h>

#include <hdp/machine/spatten_rtl/run.hpp>

namespace hdp {
namespace {

struct Case {
  SpattenRtlConfig config;
  std::int64_t cycles;            ///< Measured on the RTL.
  double verilator_cycles_per_s;  ///< Of that measurement, on one core.
};

Case eighth() {
  Case eighth{.config = {}, .cycles = 247'103, .verilator_cycles_per_s = 30e3};
  eighth.config.requantise.rows = {{0,  2,  3,  4,  5,  8,  9,  11, 12, 13, 15,
                                    18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30,
                                    31, 34, 36, 37, 38, 39, 40, 43, 44, 46, 47}};
  return eighth;
}

Case full() {
  Case full{.config = {}, .cycles = 40131, .verilator_cycles_per_s = 9e3};
  full.config.buffer_lines = 256;
  full.config.multipliers = 512;
  full.config.bandwidth_downsample = 1;
  full.config.fetch_padding = 32;
  full.config.requantise.rows = {{0,  1,  2,  3,  4,  5,  6,  8,  9,  10, 11, 13,
                                  14, 16, 17, 18, 20, 21, 22, 23, 25, 26, 29, 30,
                                  31, 33, 34, 35, 37, 38, 39, 41, 44, 45, 46, 47}};
  return full;
}

void BM_SpattenRtl(benchmark::State& state, const Case& what) {
  SpattenRow row;
  row.sentence_length = row.key_fetch = row.value_fetch = 1024;
  const std::vector<SpattenRow> rows(48, row);
  std::int64_t cycles = 0;
  for (auto _ : state) {
    const SpattenRtlResult result = run_spatten_rtl(what.config, rows);
    if (result.cycles.index != what.cycles) state.SkipWithError("not the cycles of the RTL");
    cycles += result.cycles.index;
  }
  using benchmark::Counter;
  state.counters["cycles"] = Counter(static_cast<double>(cycles), Counter::kIsRate);
  state.counters["over_verilator"] =
      Counter(static_cast<double>(cycles) / what.verilator_cycles_per_s, Counter::kIsRate);
}
BENCHMARK_CAPTURE(BM_SpattenRtl, eighth, eighth())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_SpattenRtl, full, full())->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hdp
