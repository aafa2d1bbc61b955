// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "study/named_machines.hpp"
#include <hdp/base/shared_cache.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/sweep/points.hpp>

namespace hdp {

/// Machines, workloads and baseline of a sweep, read once, and the run of any of its points. From
/// any thread.
class SweepJobs {
 public:
  /// UserError for what cannot be read, for a path that no machine has, and where a file that a
  /// sweep wrote was made from other machines or workloads. `shared` holds workloads.
  SweepJobs(const Catalog& catalog, SweepFile sweep, Kinds kinds, SharedCache& shared);
  SweepJobs(const SweepJobs&) = delete;
  SweepJobs& operator=(const SweepJobs&) = delete;

  /// With what it is made from.
  [[nodiscard]] const SweepFile& sweep() const { return sweep_; }
  [[nodiscard]] const SweepPoints& points() const { return points_; }
  [[nodiscard]] const Baseline& baseline() const { return baseline_; }
  /// UserError where the point cannot be built.
  [[nodiscard]] Job job(const SweepPoint& point) const;
  /// How a table calls them where a point is refused.
  [[nodiscard]] std::string machine_name(const SweepPoint& point) const;
  [[nodiscard]] std::string workload_name(const SweepPoint& point) const;

  /// UserError for a setting that changes nothing at any point that can be built.
  void refuse_ignored() const;

 private:
  /// Where a path acts.
  struct Route {
    std::string path;
    bool workload = false;
    std::vector<std::string> machines{};  ///< The path of each machine; "": not there.
  };
  /// A path that has counted nowhere yet, and the first place where it was ignored.
  struct Unused {
    const Route* route;
    std::string change;
    IgnoredSettings ignored;
  };
  bool counts(Unused& path, const SweepPoint& point, const IgnoredSettings& ignored) const;
  [[nodiscard]] Route route_of(const std::string& path, const Fact& value) const;
  [[nodiscard]] std::vector<PointSetting> settings_of(const SweepPoint& point) const;
  [[nodiscard]] const Route& route(const std::string& path) const;
  [[nodiscard]] std::shared_ptr<const Workload> workload(
      std::size_t place, const std::vector<PointSetting>& settings) const;
  void note_inputs();

  Catalog catalog_;
  SweepFile sweep_;
  SharedCache& shared_;
  std::vector<NamedMachine> machines_;
  std::vector<std::string> workload_names_;
  std::vector<Route> routes_;
  Baseline baseline_;
  SweepPoints points_;
};

/// A value as `path=value` takes it.
std::string setting_text(const PointSetting& setting);

}  // namespace hdp
