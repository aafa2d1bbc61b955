// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include <hdp/machine/hdp/head_work.hpp>

namespace hdp {

void WorkTotals::add(const WorkTotals& other) {
  const auto join = [](auto& to, const auto& from) {
    std::ranges::transform(to, from, to.begin(), std::plus<>());
  };
  join(macs, other.macs);
  join(traffic.read, other.traffic.read);
  join(traffic.written, other.traffic.written);
  recompute_macs += other.recompute_macs;
  blocks += other.blocks;
  softmax_entries += other.softmax_entries;
  softmax_rows += other.softmax_rows;
}

void HeadWork::clear() {
  strips.clear();
  plane_loads.clear();
  kept_loads.clear();
  ranges.clear();
  totals = {};
}

}  // namespace hdp
