// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "study/row_key.hpp"
#include <hdp/study/compare.hpp>

namespace hdp {
namespace {

/// The machine that a row is of, and what its row says of it.
struct Prepared {
  std::shared_ptr<const Machine> machine;
  std::string remark{};
};

/// At the targets; as it stands where it has nothing to turn.
Prepared prepared(const std::shared_ptr<const Machine>& machine, const Workload& workload,
                  const std::vector<Target>& at, const CalibrateOptions& options) {
  if (at.empty()) return {machine};
  if (!can_calibrate(*machine, workload, at)) return {machine, "no knob: as it stands"};
  const Calibrated calibrated = calibrate(*machine, workload, at, options);
  return {calibrated.machine, calibration_remark(calibrated.calibration)};
}

/// What is added to the key of a row.
std::string text_of(const std::vector<Target>& at) {
  std::string text;
  for (const Target& target : at) text += fmt::format("at {}={}\n", target.key, target.value);
  return text;
}

TableJob job_of(const std::shared_ptr<const Machine>& machine, const Workload& workload,
                const Baseline& baseline, const std::vector<Target>& at, const Log& log) {
  refuse_what_it_cannot(*machine, workload, {});
  if (!at.empty()) (void)can_calibrate(*machine, workload, at);  // a mistake is said at once
  std::string base = baseline.name();
  if (!baseline.is_none()) {
    const Job job = baseline.job(*machine, workload);
    try {
      refuse_what_it_cannot(*job.machine, job.workload, {});
    } catch (const UserError& mistake) {
      throw baseline.within(mistake);
    }
    base += job.machine->text();
  }
  const auto play = [=](const auto& progress) {
    PlayOptions options;
    CalibrateOptions turning;  // the first half of the work, where there is any
    options.observer = progress;
    if (!at.empty()) {
      turning.observer = [&](std::int64_t plays, std::int64_t expected) {
        progress(std::min(plays, expected), 2 * expected);
      };
      options.observer = [&](std::int64_t done, std::int64_t total) {
        progress(done + total, 2 * total);
      };
    }
    options.log = turning.log = log;
    return naming(machine->name(), workload.name(), [&] {
      const Prepared ready = prepared(machine, workload, at, turning);
      const Comparison runs = play_beside(*ready.machine, workload, baseline, options);
      TableRow row = table_row(runs);
      describe(runs.run, row);
      row.remark = ready.remark;
      return row;
    });
  };
  return {machine->name(), row_key({machine->text(), base + text_of(at)}, workload), play,
          workload.name()};
}

}  // namespace

Machines with_equal(const Machines& machines, const std::vector<Resource>& resources) {
  Machines equal = machines;
  for (const Resource resource : resources)
    for (auto& machine : equal)
      machine = machine->scaled(resource, machines.front()->amount_of(resource));
  return equal;
}

std::vector<TableRow> compare(const Machines& machines, const std::vector<Workload>& workloads,
                              const Baseline& baseline, const TableOptions& options,
                              const std::vector<Target>& at) {
  std::vector<TableJob> jobs;
  for (const Workload& workload : workloads)
    for (const auto& machine : machines)
      jobs.push_back(job_of(machine, workload, baseline, at, options.log));
  std::vector<const Machine*> each;
  for (const auto& machine : machines) each.push_back(machine.get());
  refuse_ignored_changes(each, workloads);
  return play_table(jobs, options);
}

}  // namespace hdp
