// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/study/sweep/points.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kMostDrawn = 100'000'000;  // coordinates, which are held

std::int64_t times(std::int64_t points, std::size_t factor) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(points, static_cast<std::int64_t>(factor), &product) ||
      product > kMostSweepPoints)
    refuse("axes", fmt::format("make more than {} points", kMostSweepPoints), "fewer values");
  return product;
}

}  // namespace

SweepPoints::SweepPoints(const SweepFile& sweep) : sweep_(sweep) {
  if (sweep.sample.method == SampleMethod::Grid)
    for (const SweepAxis& axis : sweep.axes) samples_ = times(samples_, axis.size());
  else
    samples_ = sweep.sample.count;
  if (samples_ > kMostDrawn / std::max<std::int64_t>(1, std::ssize(sweep.axes)))
    refuse("sample", fmt::format("{} points of {} axes", samples_, sweep.axes.size()),
           fmt::format("at most {} values in all", kMostDrawn));
  count_ = times(times(samples_, sweep.machines.size()), sweep.workloads.size());
  if (sweep.sample.method != SampleMethod::Grid)
    drawn_ = draw_sample(sweep.sample, sweep.axes.size());
}

SweepPoint SweepPoints::at(std::int64_t number) const {
  HDP_CHECK(number >= 0 && number < count_, "the sweep has the point");
  const auto workloads = static_cast<std::int64_t>(sweep_.workloads.size());
  const std::int64_t pair = number / samples_;
  SweepPoint point{.number = number,
                   .machine = static_cast<std::size_t>(pair / workloads),
                   .workload = static_cast<std::size_t>(pair % workloads),
                   .settings = {}};
  for (std::size_t a = 0; a < sweep_.axes.size(); ++a) {
    const SweepAxis& axis = sweep_.axes[a];
    const double at = coordinate(number % samples_, a);
    for (std::size_t s = 0; s < axis.settings.size(); ++s)
      point.settings.push_back({axis.settings[s].path, axis.value_at(s, at)});
  }
  return point;
}

double SweepPoints::coordinate(std::int64_t sample, std::size_t axis) const {
  if (!drawn_.empty()) return drawn_[static_cast<std::size_t>(sample) * sweep_.axes.size() + axis];
  for (std::size_t a = sweep_.axes.size() - 1; a > axis; --a)
    sample /= static_cast<std::int64_t>(sweep_.axes[a].size());
  const auto size = static_cast<std::int64_t>(sweep_.axes[axis].size());
  // The middle of its cell: no rounding leaves it.
  return (static_cast<double>(sample % size) + 0.5) / static_cast<double>(size);
}

}  // namespace hdp
