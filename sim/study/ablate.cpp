// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "study/row_key.hpp"
#include "study/timed_play.hpp"
#include <hdp/study/compare.hpp>

namespace hdp {
namespace {

TableJob job_of(const Variant& variant, const Workload& workload, const Log& log) {
  const Job& job = variant.job;
  refuse_what_it_cannot(*job.machine, job.workload, {});
  const auto play_step = [=](const auto& progress) {
    PlayOptions options;
    options.observer = progress;
    options.log = log;
    TableRow row = naming(variant.label, workload.name(), [&] {
      const Comparison runs{.run = timed_play(*job.machine, job.workload, options)};
      TableRow made = table_row(runs);
      // On another workload than the user's, as where features of a file of rows are off, there is
      // no command that makes it again.
      if (job.workload.fingerprint() == workload.fingerprint()) describe(runs.run, made);
      return made;
    });
    row.step = variant.label;
    row.remark = variant.remark;
    return row;
  };
  return {variant.label, row_key({job.machine->text(), variant.label}, workload), play_step,
          workload.name()};
}

}  // namespace

std::vector<TableRow> ablate(const Machine& machine, const std::vector<Workload>& workloads,
                             const TableOptions& options) {
  std::vector<TableJob> jobs;
  std::vector<std::size_t> first;  // of the workload of a job
  std::vector<IgnoredSettings> ignored;
  for (const Workload& workload : workloads) {
    const std::size_t start = jobs.size();
    for (const Variant& variant : machine.ablation(workload)) {
      jobs.push_back(job_of(variant, workload, options.log));
      first.push_back(start);
      ignored.push_back(variant.job.machine->ignored(variant.job.workload));
    }
  }
  refuse_ignored(machine.changes(), ignored);
  std::vector<TableRow> rows = play_table(jobs, options);
  for (std::size_t i = 0; i < rows.size(); ++i)
    measure_against(rows[first[i]], rows[first[i]].step, rows[i]);
  return rows;
}

}  // namespace hdp
