// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hdp/study/sweep/file.hpp>

namespace hdp {

/// A setting of a point, and its value.
struct PointSetting {
  std::string path;
  Fact value;
};

/// One run of a sweep.
struct SweepPoint {
  std::int64_t number = 0;
  std::size_t machine = 0, workload = 0;  ///< Places in the sweep's lists.
  std::vector<PointSetting> settings;     ///< Of its axes, in their order.
};

/// The points of a sweep, each made from its number: machine by machine, workload by workload, the
/// last axis fastest.
class SweepPoints {
 public:
  /// UserError for more than ten million points.
  explicit SweepPoints(const SweepFile& sweep);
  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] SweepPoint at(std::int64_t number) const;

 private:
  [[nodiscard]] double coordinate(std::int64_t sample, std::size_t axis) const;

  const SweepFile& sweep_;
  std::int64_t samples_ = 1, count_ = 0;  ///< Of a machine and workload; of all.
  std::vector<double> drawn_;             ///< Samples x axes, in [0, 1); empty for a grid.
};

/// `count` x `dimensions` coordinates in [0, 1), sample by sample; not for a grid.
std::vector<double> draw_sample(const SweepSample& sample, std::size_t dimensions);

}  // namespace hdp
