// SPDX-License-Identifier: Apache-2.0
#include "study/page_sweep.hpp"

#include <utility>

#include <fmt/format.h>

#include "study/page_commands.hpp"
#include "study/sweep/workload.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/one_line.hpp>
#include <hdp/base/text_lines.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/sweep/file.hpp>

namespace hdp {
namespace {

constexpr const char* kWritten = "as hdpsim sweep writes it";

/// A member of a group, which must be there and be such a value.
template <class T>
const T& need(const Facts& facts, std::string_view name, const std::string& origin) {
  const Fact* const fact = facts.find(name);
  const T* const value = fact == nullptr ? nullptr : fact->as<T>();
  if (value == nullptr) refuse(fmt::format("{}: {}", origin, name), "is missing", kWritten);
  return *value;
}

const Facts& group_of(const Fact& fact, const std::string& origin) {
  const auto* const facts = fact.as<Facts>();
  if (facts == nullptr) refuse(origin, "is no group of values", kWritten);
  return *facts;
}

/// An axis by another name than a setting's: machines.
constexpr const char* kMachine = "machine";

/// Points of other sizes of a workload are what such a sweep is about: they belong together.
bool changes_workload(const PageStudy& study) {
  for (const PageAxis& axis : study.axes)
    for (const std::string& path : axis.paths)
      if (path.starts_with(kWorkloadPrefix)) return true;
  return false;
}

PageStudy study_of(const std::filesystem::path& file, const std::string& name) {
  const SweepFile sweep = read_sweep(read_text(file), file);
  PageStudy study{.name = name, .kind = "sweep"};
  study.command = fmt::format("hdpsim run {} --point", shell_word(name));
  if (sweep.machines.size() > 1) study.axes.push_back({{kMachine}});
  for (const SweepAxis& axis : sweep.axes) {
    PageAxis& together = study.axes.emplace_back();
    for (const SweepAxis::Setting& setting : axis.settings) together.paths.push_back(setting.path);
  }
  if (sweep.workloads.size() == 1 && changes_workload(study))
    study.workload = one_line(std::filesystem::path(sweep.workloads.front()).stem().string());
  return study;
}

PagePoint point_of(const Fact& parsed, const PageStudy& study, const std::string& origin) {
  const Facts& line = group_of(parsed, origin);
  const auto number = need<std::int64_t>(line, "point", origin);
  const auto& status = need<std::string>(line, "status", origin);
  PagePoint point;
  if (status == PagePoint::kOk) {
    point = page_point(parsed, origin);
  } else {
    const auto& workload = need<Facts>(line, "workload", origin);
    point.row.machine = one_line(need<std::string>(line, "machine", origin));
    point.row.workload = one_line(need<std::string>(workload, "name", origin + ": workload"));
  }
  point.number = number;
  point.status = one_line(status);
  const auto& set = need<Facts>(line, "set", origin);
  for (const PageAxis& axis : study.axes)
    for (const std::string& path : axis.paths) {
      const Fact* const value = set.find(path);
      if (value != nullptr)
        point.values.push_back(*value);
      else if (path == kMachine)
        point.values.emplace_back(point.row.machine);
      else
        refuse(fmt::format("{}: set.{}", origin, one_line(path)), "is missing", kWritten);
    }
  return point;
}

}  // namespace

void read_points(const std::filesystem::path& folder, const std::string& name, PageData& page,
                 const std::function<void(std::int64_t, std::int64_t)>& observer) {
  const PageStudy study = study_of(folder / "sweep.json", name);
  page.start(study);
  TextLines lines(folder / "points.jsonl");
  for (std::string line; lines.next(line);) {
    const std::string origin = lines.where();
    page.add(point_of(parse_facts(line, origin), study, origin));
    observer(lines.bytes_read(), lines.bytes());
  }
}

}  // namespace hdp
