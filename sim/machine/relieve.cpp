// SPDX-License-Identifier: Apache-2.0
#include "machine/relieve.hpp"

#include <algorithm>

namespace hdp {
namespace {

/// What a request waits for in an idle bank; buses, windows of activations and refresh stay.
bool halve_latency(DramTiming& t) {
  const bool changed = half(t.cl, 1);
  for (std::int64_t* time :
       {&t.cwl, &t.rcd_read, &t.rcd_write, &t.rp, &t.ras, &t.rc, &t.wr, &t.rtp, &t.wtr_s, &t.wtr_l})
    half(*time, 1);
  t.rp = std::max(t.rp, t.act_cycles);
  t.rc = std::max(t.rc, t.ras + t.rp);
  return changed;
}

bool double_bandwidth(MemoryConfig& memory) {
  const double before = peak_bytes_per_s(memory);
  memory = with_peak(memory, 2 * before);
  return peak_bytes_per_s(memory) > before;
}

}  // namespace

bool relieve(TopKEngineConfig& engine) {
  constexpr std::int64_t kMostValues = 4096;
  const bool wider = twice(engine.parallelism, kMostValues);
  return half(engine.round_cycles, 0) || wider;
}

bool relieve(ProbabilityUnitConfig& unit) {
  constexpr std::int64_t kMostTests = 1024, kMostElements = 4096;
  bool changed = half(unit.latency_cycles, 1);
  changed |= twice(unit.tests_per_cycle, kMostTests);
  changed |= twice(unit.margin_elements, kMostElements);
  return changed;
}

bool relieve(Relief relief, MemoryConfig& memory, FetchConfig& fetch, SoftmaxConfig& softmax) {
  constexpr std::int64_t kMostRequests = 4096, kMostRequestsACycle = 256, kMostLanes = 4096;
  switch (relief) {
    case Relief::MemoryLatency:
      return memory.ideal() ? half(memory.latency_cycles, 0) : halve_latency(memory.dram.timing);
    case Relief::MemoryBandwidth:
      return double_bandwidth(memory);
    case Relief::RequestsInFlight:
      return twice(fetch.requests_in_flight, kMostRequests);
    case Relief::Fetch:
      return twice(fetch.requests_per_cycle, kMostRequestsACycle);
    case Relief::SoftmaxLanes:
      return twice(softmax.lanes, kMostLanes);
    case Relief::SoftmaxLatency:
      return half(softmax.latency_cycles, 1);
    default:
      return false;
  }
}

}  // namespace hdp
