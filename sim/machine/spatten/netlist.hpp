// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>
#include <utility>

#include "machine/spatten/sequencer.hpp"
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/spatten/config.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp::spatten {

/// A channel that never throttles a pipeline of this latency.
constexpr std::size_t slots_for(std::int64_t latency) {
  return static_cast<std::size_t>(latency) + 2;
}

/// The units of SpAtten and what connects them: memory, fetchers, converter, QK array, softmax,
/// top-k engine, PV array. Every hop takes a cycle; results leave a unit after its latency.
class Netlist {
 public:
  /// `foreign` takes the place of the configuration's memory where it is not null.
  Netlist(const SpattenConfig& config, std::span<const SpattenPass> passes,
          std::unique_ptr<MemorySimulator> foreign)
      : port_(static_cast<std::size_t>(2 * config.fetch.requests_per_cycle + 2),
              static_cast<std::size_t>(config.fetch.requests_in_flight)),
        fetches_(8),
        fetches_done_(8),
        conversions_(4),
        converted_(slots_for(config.converter_latency_cycles),
                   Cycles{config.converter_latency_cycles}),
        score_jobs_(2),
        scores_done_(slots_for(config.qk_latency_cycles), Cycles{config.qk_latency_cycles}),
        scores_(slots_for(config.qk_latency_cycles), Cycles{config.qk_latency_cycles}),
        probabilities_(slots_for(decided_after(config)), Cycles{decided_after(config)}),
        rankings_(2),
        rankings_done_(4),
        value_jobs_(2),
        values_done_(slots_for(config.pv_latency_cycles), Cycles{config.pv_latency_cycles}),
        sequencer("sequencer",
                  {fetches_, fetches_done_, conversions_, converted_, score_jobs_, score_wait_,
                   scores_done_, probabilities_, rankings_, rankings_done_, value_jobs_,
                   value_wait_, values_done_},
                  config, passes),
        fetcher("fetcher", config.fetch, fetches_, fetches_done_, port_),
        converter("bit_width_converter", "convert", conversions_, converted_,
                  bit_width_converter_kind()),
        qk("qk", {score_jobs_, score_wait_, no_tiles_, scores_, scores_done_},
           multiplier_array_kind()),
        softmax("softmax", "softmax", scores_, probabilities_, row_softmax_kind()),
        top_k("top_k", "top_k", rankings_, rankings_done_, top_k_engine_kind()),
        pv("pv", {value_jobs_, value_wait_, more_no_tiles_, no_scores_, values_done_},
           multiplier_array_kind()),
        memory(make_memory(config.memory, config.clock_mhz, {&port_}, std::move(foreign))) {}

  /// In the order of ticks.
  [[nodiscard]] std::array<Unit*, 8> units() {
    return {&sequencer, &fetcher, &converter, &qk, &softmax, &top_k, &pv, memory.get()};
  }

  /// In the order of reports, less buffers and memory.
  [[nodiscard]] std::array<const Unit*, 7> datapath() const {
    return {&sequencer, &fetcher, &converter, &qk, &softmax, &top_k, &pv};
  }

  /// From the last probability to the decision whether the LSBs are wanted.
  static std::int64_t decided_after(const SpattenConfig& config) {
    return config.softmax.latency_cycles + config.decision_latency_cycles;
  }

 private:
  TransferPort port_;
  Channel<FetchCommand> fetches_;
  Channel<FetchDone> fetches_done_;
  Channel<StreamJob> conversions_;
  Channel<StreamDone> converted_;
  Channel<PeJob> score_jobs_;
  Wire<PeWait> score_wait_{PeWait::Nothing};
  Channel<PeDone> scores_done_;
  Channel<StreamJob> scores_;
  Channel<StreamDone> probabilities_;
  Channel<StreamJob> rankings_;
  Channel<StreamDone> rankings_done_;
  Channel<PeJob> value_jobs_;
  Wire<PeWait> value_wait_{PeWait::Nothing};
  Channel<PeDone> values_done_;
  Channel<EngineTile> no_tiles_{1}, more_no_tiles_{1};  // ports that SpAtten does not use
  Channel<StreamJob> no_scores_{1};

 public:
  Sequencer sequencer;
  FetchUnit fetcher;
  StreamUnit converter;
  PeArray qk;
  StreamUnit softmax;
  StreamUnit top_k;
  PeArray pv;
  std::unique_ptr<Memory> memory;
};

}  // namespace hdp::spatten
