// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/whole.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "machine/layer/add_layers.hpp"
#include "machine/layer/loads.hpp"
#include <hdp/base/check.hpp>
#include <hdp/prune/encoder_run.hpp>

namespace hdp::layer {
namespace {

/// Layers of one size are played once.
std::vector<PlayedLayer> play_each(const LayerEngine& engine, const std::vector<Load>& loads,
                                   const PlayOptions& options) {
  PlayOptions own;  // ticks and timeline of the options are those of the attention's units
  own.idle_cycles = options.idle_cycles;
  std::vector<PlayedLayer> played;
  for (const Load& load : loads) {
    auto same = std::ranges::find(played, load.sizes, &PlayedLayer::sizes);
    if (same == played.end()) {
      played.push_back({load.sizes,
                        play_layer(engine.config, engine.array, engine.memory, engine.clock_mhz,
                                   engine.energy, encoder_layer_steps(load.sizes), own),
                        {}});
      same = played.end() - 1;
    }
    same->places.push_back({load.layer, load.step});
  }
  return played;
}

class WholeSession final : public Session {
 public:
  WholeSession(const Machine& machine, const Workload& workload, const PlayOptions& options)
      : engine_(machine.layer_engine()), widths_(workload.layer_widths()), options_(options) {
    HDP_CHECK(engine_.has_value(), "a kind that plays layers has an array for them");
    played_ = workload.with_layers(std::nullopt);
    if (const Encoder* encoder = workload.encoder()) {
      const LayerConfig& layer = engine_->config;
      EncoderRun run = run_encoder(
          *encoder,
          {.bits = {layer.weight_bits, layer.activation_bits}, .kept = layer.kept, .of = layer.of},
          options.compares(), options.threads);
      errors_ = std::move(run.errors);
      played_ = Workload(std::move(run.trace));
    }
    attention_ = machine.start(*played_, options);
  }

  void run_until(Cycle end) override {
    if (!attention_->done()) {
      attention_->run_until(end);
      now_ = attention_->now();
      if (!attention_->done()) return;
    }
    if (!result_) compose();
    now_ = std::clamp(end, now_, Cycle{result_->cycles});
  }
  [[nodiscard]] bool done() const override { return result_ && now_ >= Cycle{result_->cycles}; }
  [[nodiscard]] Cycle now() const override { return now_; }

 private:
  void compose() {
    result_ = attention_->result();
    if (!widths_) return;
    const std::vector<Load> loads = loads_of(played_->sequences(), *widths_, result_->alive);
    add_layers(*engine_, play_each(*engine_, loads, options_), *result_);
    add_errors(errors_, *result_);
  }
  RunResult take_result() override { return std::move(*result_); }

  std::optional<LayerEngine> engine_;
  std::optional<LayerWidths> widths_;
  PlayOptions options_;
  std::optional<Workload> played_;
  std::vector<EncoderLayerError> errors_;
  std::unique_ptr<Session> attention_;
  std::optional<RunResult> result_;
  Cycle now_;
};

}  // namespace

std::unique_ptr<Session> start_whole(const Machine& machine, const Workload& workload,
                                     const PlayOptions& options) {
  return std::make_unique<WholeSession>(machine, workload, options);
}

}  // namespace hdp::layer
