// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/machine/spatten_rtl.hpp>
#include <hdp/workload/spatten_traffic.hpp>

#include "machine.hpp"
#include "requests.hpp"

namespace hdp {

using namespace spatten_rtl;

SpattenRtlResult run_spatten_rtl(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                 std::span<const std::int64_t> requantised,
                                 const SpattenRtlProgress& progress) {
  constexpr Time kSilent = 1'000'000;  // cycles without an answer: the RTL hangs
  const auto requests = make_requests(config, rows, requantised);
  Machine machine(shape_of(config), requests);
  Time moved = machine.now();
  std::size_t finished = 0;
  while (machine.finished() != requests.size()) {
    machine.step();
    if (machine.finished() != finished) {
      finished = machine.finished();
      moved = machine.now();
      if (progress) progress(static_cast<std::int64_t>(finished), std::ssize(requests));
    } else if (machine.now() - moved > kSilent) {
      throw UserError({.path = fmt::format("row {}", finished), .problem = "the RTL hangs"});
    }
  }
  // A row answers as soon as its kept scores have passed: the others of the last one follow.
  const auto end = std::max_element(machine.responses.begin(), machine.responses.end());
  while (machine.now() <= *end) machine.step();
  SpattenRtlResult result;
  result.dram_reads = machine.reads();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    SpattenRtlRow row;
    row.top_k_latency = requests[i].top_k_latency;
    row.requantised = requests[i].requantises;
    row.first_pass = Cycle{machine.last_scores[0][i]};
    if (row.requantised) row.second_pass = Cycle{machine.last_scores[1][i]};
    row.response = Cycle{machine.responses[i]};
    result.cycles = std::max(result.cycles, row.response);
    result.rows.push_back(row);
  }
  return result;
}

}  // namespace hdp
