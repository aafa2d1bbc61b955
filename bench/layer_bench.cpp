// SPDX-License-Identifier: Apache-2.0
// Speed of layers without their attention on the machine `sta`, 128 tokens: dense weights and 2:8.
// `cycles` are those of all layers; alike layers are played once.
#include <string>

#include <benchmark/benchmark.h>

#include <hdp/machine/layer/play.hpp>
#include <hdp/machine/read_machine.hpp>
#include <hdp/machine/sta/config.hpp>

namespace hdp {
namespace {

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

const Model kTinyBert{4, {128, 312, 12, 12, 26, 1200}};
const Model kMiniLm{6, {128, 384, 12, 12, 32, 1536}};
const Model kBertBase{12, {128, 768, 12, 12, 64, 3072}};
constexpr const char *kDense = R"({"kept": 0, "of": 0})", *kSparse = R"({"kept": 2, "of": 8})";
BENCHMARK_CAPTURE(layer, tinybert_4_dense, kTinyBert, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, tinybert_4_2_8, kTinyBert, kSparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, minilm_l6_dense, kMiniLm, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, minilm_l6_2_8, kMiniLm, kSparse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, bert_base_dense, kBertBase, kDense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(layer, bert_base_2_8, kBertBase, kSparse)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hdp
