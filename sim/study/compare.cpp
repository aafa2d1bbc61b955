// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "study/row_key.hpp"
#include <hdp/study/compare.hpp>

namespace hdp {
namespace {

TableJob job_of(const std::shared_ptr<const Machine>& machine, const Workload& workload,
                const Baseline& baseline, const Log& log) {
  refuse_what_it_cannot(*machine, workload, {});
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
    options.observer = progress;
    options.log = log;
    return naming(machine->name(), workload.name(),
                  [&] { return table_row(play_beside(*machine, workload, baseline, options)); });
  };
  return {machine->name(), row_key({machine->text(), base}, workload), play, workload.name()};
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
                              const Baseline& baseline, const TableOptions& options) {
  std::vector<TableJob> jobs;
  for (const Workload& workload : workloads)
    for (const auto& machine : machines)
      jobs.push_back(job_of(machine, workload, baseline, options.log));
  std::vector<const Machine*> each;
  for (const auto& machine : machines) each.push_back(machine.get());
  refuse_ignored_changes(each, workloads);
  return play_table(jobs, options);
}

}  // namespace hdp
