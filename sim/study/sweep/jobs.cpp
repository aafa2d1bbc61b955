// SPDX-License-Identifier: Apache-2.0
#include "study/sweep/jobs.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "study/sweep/workload.hpp"
#include <hdp/base/check.hpp>
#include <hdp/base/digest.hpp>
#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>

namespace hdp {
namespace {

void check_inputs(const std::vector<SweepInput>& then, const std::vector<SweepInput>& now) {
  for (std::size_t i = 0; i < std::min(then.size(), now.size()); ++i)
    if (then[i].sha256 != now[i].sha256)
      refuse(now[i].name, "is not what it was when the sweep was made",
             "what has sha256 " + then[i].sha256);
}

}  // namespace

std::string setting_text(const PointSetting& setting) {
  return setting.path + '=' + json_text(setting.value);
}

SweepJobs::SweepJobs(const Catalog& catalog, SweepFile sweep, Kinds kinds, SharedCache& shared)
    : catalog_(catalog.sharing(shared)),
      sweep_(std::move(sweep)),
      shared_(shared),
      machines_(read_named(catalog_, sweep_.machines, kinds)),
      baseline_(resolve_baseline(catalog_, sweep_.baseline, kinds)),
      points_(sweep_) {
  for (const NamedFact& entry : sweep_.set) routes_.push_back(route_of(entry.name, entry.value));
  const SweepPoint first = points_.at(0);
  for (const PointSetting& setting : first.settings)
    routes_.push_back(route_of(setting.path, setting.value));
  note_inputs();
}

SweepJobs::Route SweepJobs::route_of(const std::string& path, const Fact& value) const {
  Route route{.path = path, .workload = path.starts_with(kWorkloadPrefix)};
  if (route.workload) return route;
  std::vector<NamedMachine> machines = machines_;
  hand_out(catalog_, setting_text({path, value}), machines);
  for (const NamedMachine& machine : machines) {
    const bool there = !machine.changes.empty();
    route.machines.push_back(
        there ? machine.changes.front().substr(0, machine.changes.front().find('=')) : "");
  }
  return route;
}

/// Machines and workloads as they stand in their files: what a later run must find again.
void SweepJobs::note_inputs() {
  std::vector<SweepInput> machines, workloads;
  for (const NamedMachine& machine : machines_)
    machines.push_back(
        {machine.name, sha256_hex(machine.kind->read(catalog_, machine.file, {})->text())});
  for (std::size_t place = 0; place < sweep_.workloads.size(); ++place) {
    const auto as_it_stands = workload(place, {});
    workload_names_.push_back(as_it_stands->name());
    workloads.push_back({sweep_.workloads[place], as_it_stands->sha256()});
  }
  check_inputs(sweep_.made_from_machines, machines);
  check_inputs(sweep_.made_from_workloads, workloads);
  sweep_.made_from_machines = std::move(machines);
  sweep_.made_from_workloads = std::move(workloads);
}

const SweepJobs::Route& SweepJobs::route(const std::string& path) const {
  const auto found = std::ranges::find(routes_, path, &Route::path);
  HDP_CHECK(found != routes_.end(), "every path has a route");
  return *found;
}

std::vector<PointSetting> SweepJobs::settings_of(const SweepPoint& point) const {
  std::vector<PointSetting> settings;
  for (const NamedFact& entry : sweep_.set) settings.push_back({entry.name, entry.value});
  settings.insert(settings.end(), point.settings.begin(), point.settings.end());
  return settings;
}

Job SweepJobs::job(const SweepPoint& point) const {
  const std::vector<PointSetting> settings = settings_of(point);
  std::vector<std::string> changes;
  for (const PointSetting& setting : settings) {
    const Route& way = route(setting.path);
    if (way.workload || way.machines[point.machine].empty()) continue;
    changes.push_back(setting_text({way.machines[point.machine], setting.value}));
  }
  const NamedMachine& machine = machines_[point.machine];
  return {machine.kind->read(catalog_, machine.file, changes), *workload(point.workload, settings)};
}

std::shared_ptr<const Workload> SweepJobs::workload(
    std::size_t place, const std::vector<PointSetting>& settings) const {
  std::string key = "workload\n" + sweep_.workloads[place];
  for (const PointSetting& setting : settings)
    if (setting.path.starts_with(kWorkloadPrefix))
      key.append(1, '\n').append(setting_text(setting));
  return shared_.get(
      key, [&] { return sweep_workload(catalog_, sweep_.workloads[place], settings); },
      [](const Workload& made) { return made.bytes(); });
}

std::string SweepJobs::machine_name(const SweepPoint& point) const {
  return machines_[point.machine].file.name();
}

std::string SweepJobs::workload_name(const SweepPoint& point) const {
  return workload_names_[point.workload];
}

void SweepJobs::refuse_ignored() const {
  std::vector<Unused> unused;
  for (const Route& way : routes_)
    if (!way.workload) unused.push_back({&way, {}, {}});
  for (std::int64_t number = 0; number < points_.count() && !unused.empty(); ++number) {
    const SweepPoint point = points_.at(number);
    try {
      const Job built = job(point);
      refuse_what_it_cannot(*built.machine, built.workload, {});
      const IgnoredSettings ignored = built.machine->ignored(built.workload);
      std::erase_if(unused, [&](Unused& path) { return counts(path, point, ignored); });
    } catch (const UserError&) {
      continue;  // a row that says so
    }
  }
  for (const Unused& path : unused)
    if (!path.change.empty())
      hdp::refuse_ignored(std::span(&path.change, 1), std::span(&path.ignored, 1));
}

bool SweepJobs::counts(Unused& path, const SweepPoint& point,
                       const IgnoredSettings& ignored) const {
  const std::string& own = path.route->machines[point.machine];
  if (own.empty()) return false;
  const std::vector<PointSetting> settings = settings_of(point);
  const auto setting = std::ranges::find(settings, path.route->path, &PointSetting::path);
  const std::string change = setting_text({own, setting->value});
  try {
    hdp::refuse_ignored(std::span(&change, 1), std::span(&ignored, 1));
    return true;
  } catch (const UserError&) {
    if (path.change.empty()) {
      path.change = change;
      path.ignored = ignored;
    }
    return false;
  }
}

}  // namespace hdp
