// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include <hdp/machine/hdp/slice_work.hpp>

namespace hdp {

void WorkTotals::add(const WorkTotals& other) {
  const auto join = [](auto& to, const auto& from) {
    std::ranges::transform(to, from, to.begin(), std::plus<>());
  };
  join(macs, other.macs);
  join(chunk_macs, other.chunk_macs);
  join(traffic.read, other.traffic.read);
  join(traffic.written, other.traffic.written);
  join(traffic.port_cycles, other.traffic.port_cycles);
  recompute_macs += other.recompute_macs;
  blocks += other.blocks;
  comparisons += other.comparisons;
  fraction_passes += other.fraction_passes;
  wider_fraction_passes += other.wider_fraction_passes;
  ranking_cycles += other.ranking_cycles;
  bounds += other.bounds;
  margin_elements += other.margin_elements;
  softmax_entries += other.softmax_entries;
  softmax_rows += other.softmax_rows;
  further_groups += other.further_groups;
}

void SliceWork::clear() {
  heads.clear();
  strips.clear();
  groups.clear();
  fractions.clear();
  rounds.clear();
  values.clear();
  plane_loads.clear();
  kept_loads.clear();
  value_loads.clear();
  stores.clear();
  ranges.clear();
  totals = {};
}

std::int64_t SliceWork::read_bytes() const {
  std::int64_t bytes = 0;
  for (const FetchRange& range : ranges) bytes += range.bytes;
  return bytes;
}

}  // namespace hdp
