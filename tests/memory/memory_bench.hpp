// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include <hdp/kernel/engine.hpp>
#include <hdp/memory/memory.hpp>

namespace hdp::test {

/// A memory alone at 1000 MHz, so that 1000 MB/s are a byte a cycle. Its ports are driven by hand
/// between runs.
struct MemoryBench {
  MemoryBench(std::int64_t bandwidth, std::int64_t latency, std::size_t port_count = 1,
              std::size_t response_slots = 2'048) {
    for (std::size_t i = 0; i < port_count; ++i) {
      ports.push_back(std::make_unique<TransferPort>(2'048, response_slots));
    }
    MemoryConfig config;
    config.bandwidth_mb_per_s = bandwidth;
    config.latency_cycles = latency;
    std::vector<TransferPort*> all;
    for (const auto& port : ports) all.push_back(port.get());
    memory = make_memory(config, 1'000, all);
    engine.add(*memory);
  }
  void run_to(Cycle now) { engine.run_for(now - engine.now()); }
  void ask(Cycle at, std::uint32_t bytes, std::size_t port = 0, std::uint32_t tag = 0) {
    ports[port]->requests.push(at, {.bytes = bytes, .tag = tag});
  }
  /// When the oldest response is visible.
  [[nodiscard]] Cycle next(std::size_t port = 0) const { return ports[port]->responses.next_pop(); }
  TransferResponse take(std::size_t port = 0) {
    return ports[port]->responses.pop(engine.now() - Cycles{1});
  }

  std::vector<std::unique_ptr<TransferPort>> ports;
  std::unique_ptr<Memory> memory;
  Engine engine;
};

}  // namespace hdp::test
