// SPDX-License-Identifier: Apache-2.0
#include "study/sweep/play_point.hpp"

#include <utility>

#include <hdp/base/error.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/points_csv.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/measures.hpp>

namespace hdp {
namespace {

/// Those that are no columns of every table.
std::vector<std::string> further_measures() {
  std::vector<std::string> keys;
  for (const std::string_view key : kMeasures)
    if (!compares_outputs(key)) keys.emplace_back(key);
  return keys;
}

Facts facts_of(const std::vector<PointSetting>& settings) {
  Facts facts;
  for (const PointSetting& setting : settings) facts.set(setting.path, setting.value);
  return facts;
}

PlayedPoint played(PointRow row, Facts json) {
  return {.number = row.point,
          .refused = !row.run,
          .text = {points_csv_line(row), facts_text(std::move(json), -1)}};
}

}  // namespace

PlayedPoint play_point(const SweepJobs& jobs, std::int64_t number, SharedCache& shared,
                       const Log& log) {
  const SweepPoint point = jobs.points().at(number);
  PointRow row{
      .point = number, .machine = jobs.machine_name(point), .workload = jobs.workload_name(point)};
  for (const PointSetting& setting : point.settings) row.values.push_back(setting.value);
  Facts json{{"point", number}, {"set", facts_of(point.settings)}};
  try {
    const Job job = jobs.job(point);
    PlayOptions options;
    if (!jobs.sweep().fidelity) options.fidelity = false;
    options.shared = &shared;
    options.log = log;
    const Comparison comparison = play_beside(*job.machine, job.workload, jobs.baseline(), options);
    row.run = table_row(comparison);
    row.machine = row.run->machine;
    row.workload = row.run->workload;
    for (const std::string& key : further_measures())
      row.measures.push_back(measure_of(comparison.run, key));
    json.set("status", row.status);
    json.update(report_facts(comparison, false));
  } catch (const UserError& mistake) {
    row.run.reset();
    row.measures.assign(further_measures().size(), std::nullopt);
    row.status = mistake.what();
    json.update({{"status", row.status},
                 {"machine", row.machine},
                 {"workload", Facts{{"name", row.workload}}}});
  }
  return played(std::move(row), std::move(json));
}

std::string points_header(const SweepFile& sweep) {
  std::vector<std::string> paths;
  for (const SweepAxis& axis : sweep.axes)
    for (const SweepAxis::Setting& setting : axis.settings) paths.push_back(setting.path);
  return points_csv_header(paths, further_measures());
}

}  // namespace hdp
