// SPDX-License-Identifier: Apache-2.0
// Speed of Token-Picker's machine on decode steps of one layer of SmolLM2 (9 heads of 64 elements
// on 3 of K and V): whole runs, the decisions of both orders and their records included.
#include <string>

#include <benchmark/benchmark.h>

#include <hdp/machine/read_machine.hpp>
#include <hdp/machine/token_picker/run.hpp>
#include <hdp/workload/synthetic.hpp>

namespace hdp {
namespace {

TokenPickerConfig machine(const std::string& memory, const std::string& slice_heads) {
  const Catalog catalog({HDP_SOURCE_DIR "/configs"});
  return read_machine<TokenPickerConfig>(catalog, read_machine_file(catalog, "token_picker"),
                                         {"memory.model=" + memory, "slice_heads=" + slice_heads});
}

Trace decode(std::int64_t context, std::int64_t steps) {
  SyntheticConfig config;
  config.model = "smollm2_135m";
  config.stage = Stage::Decode;
  config.layers = 1;
  config.n_ctx = context;
  config.steps = steps;
  return make_synthetic(config);
}

/// Bytes that were read are those of Q, of the chunks and of the rows that were decided to be read.
/// The accounts of the units have been checked by the run.
bool bytes_are_right(const TokenPickerResult& run) {
  constexpr std::int64_t kRow = 64 * 12 / 8, kChunk = 64 * 4 / 8;
  std::int64_t bytes = run.totals.queries * kRow + run.totals.value_rows_read * kRow;
  for (const std::int64_t chunks : run.totals.chunks_read) bytes += chunks * kChunk;
  return bytes == run.memory.read_bytes;
}

void decode_steps(benchmark::State& state, const std::string& memory, const std::string& heads) {
  const TokenPickerConfig config = machine(memory, heads);
  const Trace trace = decode(state.range(0), state.range(1));
  std::int64_t cycles = 0, moved = 0;
  for (auto _ : state) {
    const TokenPickerResult run = run_token_picker(config, trace, {.fidelity = false});
    if (!bytes_are_right(run)) state.SkipWithError("wrong bytes");
    if (cycles != 0 && (cycles != run.cycles || moved != run.memory.moved_bytes))
      state.SkipWithError("cycles or bytes moved");
    cycles = run.cycles;
    moved = run.memory.moved_bytes;
  }
  const auto rate = benchmark::Counter::kIsIterationInvariantRate;
  const auto bursts = static_cast<double>(moved) / 32;
  state.counters["sim_cycles/s"] = benchmark::Counter(static_cast<double>(cycles), rate);
  state.counters["bursts/s"] = benchmark::Counter(bursts, rate);
  state.counters["bursts/cycle"] = bursts / static_cast<double>(cycles);
}

void contexts(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"context", "steps"})->Args({128, 8})->Args({1024, 64});
  benchmark->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(decode_steps, ideal_shared_keys, "ideal", "0")->Apply(contexts);
BENCHMARK_CAPTURE(decode_steps, hbm2_shared_keys, "hbm2_2000", "0")->Apply(contexts);
BENCHMARK_CAPTURE(decode_steps, hbm2_head_a_slice, "hbm2_2000", "1")->Apply(contexts);

}  // namespace
}  // namespace hdp
