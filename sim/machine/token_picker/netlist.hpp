// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>
#include <utility>

#include "machine/token_picker/sequencer.hpp"
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/lane_array.hpp>
#include <hdp/units/priority_fetch_unit.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp::token_picker {

/// Slots of a channel that passes so many values a cycle and never throttles.
constexpr std::size_t slots_for(std::int64_t a_cycle, std::int64_t latency = 1) {
  return static_cast<std::size_t>(a_cycle * (latency + 1));
}

/// Without estimation there is no unit: scores pass in a hop, as many as the lanes make.
constexpr ProbabilityUnitConfig decision_of(const TokenPickerConfig& config) {
  if (config.prune.estimation) return config.probability;
  return {.tests_per_cycle = config.lane.lanes, .latency_cycles = 1};
}

/// The units of Token-Picker and what connects them: memory, out-of-order fetch, lanes, probability
/// unit with its scoreboard, softmax. Every hop takes a cycle; results leave a unit after its
/// latency.
class Netlist {
 public:
  /// `foreign` takes the place of the configuration's memory where it is not null.
  Netlist(const TokenPickerConfig& config, std::span<const Trace> sequences, bool fidelity,
          std::unique_ptr<MemorySimulator> foreign)
      : port_(slots_for(config.fetch.requests_per_cycle),
              static_cast<std::size_t>(config.fetch.requests_in_flight)),
        urgent_(slots_for(config.fetch.requests_per_cycle)),
        stream_(slots_for(config.fetch.requests_per_cycle)),
        arrivals_(static_cast<std::size_t>(config.fetch.requests_in_flight) + 1),
        done_(slots_for(config.fetch.requests_per_cycle)),
        scores_(slots_for(config.lane.lanes, config.lane.latency_cycles),
                Cycles{config.lane.latency_cycles}),
        values_(slots_for(config.lane.lanes, config.lane.latency_cycles),
                Cycles{config.lane.latency_cycles}),
        verdicts_(
            slots_for(decision_of(config).tests_per_cycle, decision_of(config).latency_cycles),
            Cycles{decision_of(config).latency_cycles}),
        softmax_jobs_(2),
        softmax_done_(slots_for(1, config.softmax.latency_cycles),
                      Cycles{config.softmax.latency_cycles}),
        sequencer(
            "sequencer",
            {urgent_, stream_, done_, wait_, verdicts_, values_, softmax_jobs_, softmax_done_},
            config, sequences, fidelity),
        fetcher("fetcher", config.fetch, {urgent_, stream_, arrivals_, done_}, port_),
        lanes("lane", config.lane, {arrivals_, wait_, scores_, values_}),
        probability("probability_unit", decision_of(config), scores_, verdicts_, sequencer),
        softmax("softmax", "softmax", softmax_jobs_, softmax_done_, softmax_kind()),
        memory(make_memory(config.memory, config.clock_mhz, {&port_}, std::move(foreign))) {}

  /// In the order of ticks.
  [[nodiscard]] std::array<Unit*, 6> units() {
    return {&sequencer, &fetcher, &lanes, &probability, &softmax, memory.get()};
  }

 private:
  TransferPort port_;
  Channel<FetchRequest> urgent_, stream_;
  Channel<Arrival> arrivals_, done_;
  Wire<LaneWait> wait_{LaneWait::Count};
  Channel<LaneResult> scores_, values_;
  Channel<TokenVerdict> verdicts_;
  Channel<StreamJob> softmax_jobs_;
  Channel<StreamDone> softmax_done_;

 public:
  Sequencer sequencer;
  PriorityFetchUnit fetcher;
  LaneArray lanes;
  ProbabilityUnit probability;
  StreamUnit softmax;
  std::unique_ptr<Memory> memory;
};

}  // namespace hdp::token_picker
