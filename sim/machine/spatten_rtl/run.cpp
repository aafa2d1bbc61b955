// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "machine.hpp"
#include "requests.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/spatten_rtl.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp {

namespace {

// More cycles than any legal row takes: the RTL hangs.
constexpr std::int64_t kSilent = 2'000'000;

[[noreturn]] void refuse_hang(std::size_t row) {
  throw UserError({.path = fmt::format("row {}", row),
                   .problem = fmt::format("no answer for {} cycles: the RTL hangs", kSilent)});
}

bool is_power_of_two(std::int64_t value) {
  return std::has_single_bit(static_cast<std::uint64_t>(value));
}

}  // namespace

void validate(const SpattenRtlConfig& config) {
  const auto refuse = [](std::string path, std::int64_t value, std::string allowed) {
    throw UserError({.path = std::move(path),
                     .problem = fmt::format("{} cannot be built", value),
                     .allowed = std::move(allowed)});
  };
  if (!is_power_of_two(config.multipliers))
    refuse("multipliers", config.multipliers, "a power of two");
  if (!is_power_of_two(config.bandwidth_downsample))
    refuse("bandwidth_downsample", config.bandwidth_downsample, "a power of two");
  if (config.buffer_lines % 2 != 0) refuse("buffer_lines", config.buffer_lines, "an even number");
  const spatten_rtl::Shape shape = spatten_rtl::shape_of(config);
  if (shape.lanes_per_element < 1 ||
      shape.lanes > static_cast<std::int32_t>(spatten_rtl::kMostLanes))
    refuse("multipliers", config.multipliers,
           "what two lines of it hold must be whole accesses of 256 bits");
  if (shape.buffer_lines < shape.fragments_per_row())
    refuse("buffer_lines", config.buffer_lines, "at least the fragments of a row of addresses");
}

SpattenRtlResult run_spatten_rtl(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                 const SpattenRtlProgress& progress) {
  validate(config);
  const auto requests = spatten_rtl::make_requests(config, rows);
  spatten_rtl::Machine machine(spatten_rtl::shape_of(config), requests);
  std::int64_t moved = machine.now();
  std::size_t finished = 0;
  while (machine.finished() != requests.size()) {
    machine.step();
    if (machine.finished() != finished) {
      finished = machine.finished();
      moved = machine.now();
      if (progress) progress(static_cast<std::int64_t>(finished), std::ssize(requests));
    } else if (machine.now() - moved > kSilent) {
      refuse_hang(finished);
    }
  }
  // A row answers as soon as its kept scores have passed; the last one's others still follow.
  const auto last = std::ranges::max_element(machine.responses);
  while (last != machine.responses.end() && machine.now() <= *last) machine.step();

  SpattenRtlResult result;
  result.config = config;
  result.dram_reads = machine.reads();
  result.qk_lines = machine.qk_lines();
  result.pv_lines = machine.pv_lines();
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

std::vector<SpattenRow> without_pruning(std::span<const SpattenRow> rows) {
  std::vector<SpattenRow> plain = unpruned(rows);
  for (SpattenRow& row : plain) row.key_bits = row.value_bits = 8;
  return plain;
}

}  // namespace hdp
