// SPDX-License-Identifier: Apache-2.0
// Speed of layers on the machine `sta`, 128 tokens: without their attention, dense weights and 2:8
// (`cycles` are those of all layers; alike layers are played once), and whole, from seeded weights
// to the output error.
#include <string>

#include <benchmark/benchmark.h>

#include <hdp/machine/layer/play.hpp>
#include <hdp/machine/read_machine.hpp>
#include <hdp/machine/sta/config.hpp>
#include <hdp/machine/sta/kind.hpp>
#include <hdp/workload/workload.hpp>

namespace hdp {
namespace {

constexpr const char *kDense = R"({"kept": 0, "of": 0})", *kSparse = R"({"kept": 2, "of": 8})";

struct Model {
  std::int64_t layers = 0;
  LayerSizes sizes;
};

StaConfig machine(const std::string& pattern) {
  const Catalog catalog({HDP_SOURCE_DIR "/configs"});
  return read_machine<StaConfig>(catalog, read_machine_file(catalog, "sta"), {"layer=" + pattern});
}

void layer(benchmark::State& state, const Model& model, const std::string& pattern) {
  const StaConfig config = machine(pattern);
  const std::vector<LayerStep> steps = encoder_layer_steps(model.sizes);
  LayerResult first;
  for (auto _ : state) {
    LayerResult run = play_layer(config.layer, matrix_array(config), config.memory,
                                 config.clock_mhz, config.energy, steps);
    if (first.cycles != 0 && run.cycles != first.cycles) state.SkipWithError("cycles moved");
    first = std::move(run);
  }
  std::int64_t busy = 0;
  for (const UnitReport& unit : first.units)
    if (unit.datapath) busy = unit.busy;
  state.counters["cycles"] = static_cast<double>(model.layers * first.cycles);
  state.counters["engine_busy"] = static_cast<double>(busy) / static_cast<double>(first.cycles);
  state.counters["weights_MB"] =
      static_cast<double>(model.layers *
                          first.read_bytes[static_cast<std::size_t>(Tensor::Weights)]) *
      1e-6;
  state.counters["uJ"] = static_cast<double>(model.layers) * first.energy.total_pj() * 1e-6;
}

/// Weights drawn, masked and computed in codes and in double, attention and layers played.
void whole_layer(benchmark::State& state, const std::string& model) {
  const Workload drawn(make_synthetic_encoder({.model = model}));
  const Workload workload = drawn.with_layers(layer_widths_of(drawn));
  const auto sta = make_machine(machine(kSparse));
  const std::int64_t attention = play(*sta, drawn, {.fidelity = false}).cycles;
  const StaConfig config = machine(kSparse);
  const ModelShape& shape = model_shape(model);
  const std::int64_t layers =
      play_layer(config.layer, matrix_array(config), config.memory, config.clock_mhz, config.energy,
                 encoder_layer_steps({128, shape.widths.hidden, shape.heads, shape.kv_heads,
                                      shape.d, shape.widths.ffn}))
          .cycles;
  RunResult run;
  for (auto _ : state) {
    run = play(*sta, workload);
    if (run.cycles != attention + layers) state.SkipWithError("cycles do not add up");
  }
  state.counters["cycles"] = static_cast<double>(run.cycles);
  state.counters["error"] = run.fidelity.error.relative_frobenius().value_or(0);
}

const Model kTinyBert{4, {128, 312, 12, 12, 26, 1200}};
const Model kMiniLm{6, {128, 384, 12, 12, 32, 1536}};
const Model kBertBase{12, {128, 768, 12, 12, 64, 3072}};
BENCHMARK_CAPTURE(layer, tinybert_4_dense, kTinyBert, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, tinybert_4_2_8, kTinyBert, kSparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, minilm_l6_dense, kMiniLm, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, minilm_l6_2_8, kMiniLm, kSparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, bert_base_dense, kBertBase, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, bert_base_2_8, kBertBase, kSparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_layer, minilm_l6, "minilm_l6")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_layer, bert_base, "bert_base")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hdp
