// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <utility>

#include "machine/layer/sequencer.hpp"
#include <hdp/kernel/transfer.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/softmax_unit.hpp>

namespace hdp::layer {

/// A fetch unit, its port to memory and its channels.
struct Fetcher {
  Fetcher(std::string name, const FetchConfig& config)
      : port(static_cast<std::size_t>(2 * config.requests_per_cycle),
             static_cast<std::size_t>(config.requests_in_flight)),
        unit(std::move(name), config, commands, done, port) {}

  TransferPort port;
  Channel<FetchCommand> commands{2};
  Channel<FetchDone> done{32};  // what is under way, and the hop
  FetchUnit unit;
};

/// The units that play products of matrices and what is between them: memory, three fetch units,
/// the array, the vector unit, and a softmax unit, which only attention uses. Every hop takes a
/// cycle; results leave a unit after its latency.
class Netlist {
 public:
  /// `foreign` takes the place of the configuration's memory where it is not null.
  Netlist(const LayerConfig& config, const MatrixArray& array, const SoftmaxConfig& softmax_config,
          const MemoryConfig& memory_config, std::int64_t clock_mhz,
          std::unique_ptr<MemorySimulator> foreign)
      : passes_done_(slots_for(array.latency_cycles), Cycles{array.latency_cycles}),
        softmax_done_(slots_for(softmax_config.latency_cycles),
                      Cycles{softmax_config.latency_cycles}),
        vector_done_(slots_for(config.vector_latency_cycles), Cycles{config.vector_latency_cycles}),
        weights("weight_fetcher", config.fetch),
        inputs("input_fetcher", config.fetch),
        outputs("output_writer", config.fetch),
        sequencer("sequencer", {weights.commands, inputs.commands, outputs.commands, weights.done,
                                inputs.done, outputs.done, passes_, passes_done_, wait_,
                                softmax_jobs_, vector_jobs_, softmax_done_, vector_done_}),
        matrix("matrix_engine", {passes_, wait_, passes_done_}),
        softmax("softmax", "softmax", softmax_jobs_, softmax_done_, softmax_kind()),
        vector("vector_unit", "vector", vector_jobs_, vector_done_, vector_unit_kind()),
        memory(make_memory(memory_config, clock_mhz, {&weights.port, &inputs.port, &outputs.port},
                           std::move(foreign))) {}

  /// In the order of ticks.
  [[nodiscard]] std::array<Unit*, 8> units() {
    return {&sequencer, &weights.unit, &inputs.unit, &outputs.unit,
            &matrix,    &softmax,      &vector,      memory.get()};
  }

 private:
  static constexpr std::size_t slots_for(std::int64_t latency) {
    return static_cast<std::size_t>(latency + 1);
  }

  Channel<MatrixPass> passes_{2};
  Channel<MatrixPassDone> passes_done_;
  Wire<MatrixWait> wait_{MatrixWait::Nothing};
  Channel<StreamJob> softmax_jobs_{2};
  Channel<StreamDone> softmax_done_;
  Channel<StreamJob> vector_jobs_{2};
  Channel<StreamDone> vector_done_;

 public:
  Fetcher weights, inputs, outputs;
  Sequencer sequencer;
  MatrixEngine matrix;
  StreamUnit softmax, vector;
  std::unique_ptr<Memory> memory;
};

}  // namespace hdp::layer
