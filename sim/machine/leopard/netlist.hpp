// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <span>
#include <utility>

#include "machine/leopard/sequencer.hpp"
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/bit_serial_array.hpp>
#include <hdp/units/priority_fetch_unit.hpp>
#include <hdp/units/value_unit.hpp>

namespace hdp::leopard {

/// The units of LeOPArd and what connects them: memory, fetch unit, dot-product units, score and
/// index FIFO, value unit. Every hop takes a cycle; outputs follow the value unit's latency.
class Netlist {
 public:
  /// `foreign` takes the place of the configuration's memory where it is not null.
  Netlist(const LeopardConfig& config, std::span<const Trace> sequences, const PlayOptions& options,
          std::unique_ptr<MemorySimulator> foreign)
      : port_(requests(config), static_cast<std::size_t>(config.fetch.requests_in_flight)),
        urgent_(requests(config)),
        stream_(requests(config)),
        done_(requests(config)),
        survivors_(static_cast<std::size_t>(config.score_fifo_entries)),
        rows_done_(static_cast<std::size_t>(config.value.latency()) + 1,
                   Cycles{config.value.latency()}),
        sequencer("sequencer",
                  {urgent_, stream_, done_, rows_, rows_done_, front_wait_, back_wait_}, config,
                  sequences, options.compares(), options.threads),
        fetcher("fetcher", config.fetch, {urgent_, stream_, unused_, done_}, port_),
        front("dot_product_unit", config.dot_product, {rows_, front_wait_, survivors_, scored_}),
        back("value_unit", config.value, {survivors_, scored_, back_wait_, rows_done_}),
        memory(make_memory(config.memory, config.clock_mhz, {&port_}, std::move(foreign))) {}

  /// In the order of ticks.
  [[nodiscard]] std::array<Unit*, 5> units() {
    return {&sequencer, &fetcher, &front, &back, memory.get()};
  }

 private:
  static std::size_t requests(const LeopardConfig& config) {
    return static_cast<std::size_t>(2 * config.fetch.requests_per_cycle);
  }
  static constexpr std::size_t kRowsAhead = 2;    ///< Given to the front end.
  static constexpr std::size_t kRowsScored = 64;  ///< Whose survivors are in the FIFO.

  TransferPort port_;
  Channel<FetchRequest> urgent_, stream_;
  Channel<Arrival> done_, unused_{1};
  Channel<BitSerialRow> rows_{kRowsAhead};
  Channel<Survivor> survivors_;
  Channel<RowScored> scored_{kRowsScored};
  Channel<RowDone> rows_done_;
  Wire<DotProductWait> front_wait_{DotProductWait::Count};
  Wire<ValueWait> back_wait_{ValueWait::Count};

 public:
  Sequencer sequencer;
  PriorityFetchUnit fetcher;
  BitSerialArray front;
  ValueUnit back;
  std::unique_ptr<Memory> memory;
};

}  // namespace hdp::leopard
