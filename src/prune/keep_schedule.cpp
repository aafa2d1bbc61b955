// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <hdp/prune/keep_schedule.hpp>

namespace hdp {

double KeepBase::of(std::int64_t original, std::int64_t current) const {
  switch (kind) {
    case Kind::Original:
      return static_cast<double>(original);
    case Kind::Current:
      return static_cast<double>(current);
    default:
      return number;
  }
}

std::int64_t kept_count(double share, double base, std::int64_t live) {
  const double wanted = std::floor(share * base + 0x1p-20);
  if (wanted >= static_cast<double>(live)) return live;
  return std::min(live, std::max<std::int64_t>(1, static_cast<std::int64_t>(wanted)));
}

double KeepSchedule::share_after(std::int64_t layer, std::int64_t layers) const {
  switch (kind) {
    case Kind::Constant:
      return keep;
    case Kind::Step:
      return steps.at(static_cast<std::size_t>(layer));
    default:
      break;
  }
  if (layer < start_layer) return 1;
  const std::int64_t span = layers - 1 - start_layer;
  if (span <= 0) return first;
  return first +
         (last - first) * static_cast<double>(layer - start_layer) / static_cast<double>(span);
}

std::int64_t KeepSchedule::count_after(std::int64_t layer, std::int64_t layers,
                                       std::int64_t original, std::int64_t current) const {
  return kept_count(share_after(layer, layers), base.of(original, current), current);
}

}  // namespace hdp
