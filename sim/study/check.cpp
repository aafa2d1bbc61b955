// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "study/shared_progress.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/fact_path.hpp>
#include <hdp/base/file.hpp>
#include <hdp/base/parallel.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/config/is_path.hpp>
#include <hdp/report/run_report.hpp>
#include <hdp/study/beside.hpp>
#include <hdp/study/check.hpp>

namespace hdp {
namespace {

namespace fs = std::filesystem;

std::string from_folder(const std::string& name_or_path, const fs::path& folder) {
  const fs::path path(name_or_path);
  return is_path(name_or_path) && path.is_relative() ? (folder / path).string() : name_or_path;
}

std::vector<std::string> changes_of(const Facts& settings) {
  std::vector<std::string> changes;
  for (const NamedFact& setting : settings)
    changes.push_back(setting.name + '=' + json_text(setting.value));
  return changes;
}

/// The report of a case: what `hdpsim run --json` prints.
Fact report_of(const BaselineCase& item, const Catalog& catalog, const CheckOptions& options,
               PlayOptions play, Kinds kinds) {
  const auto machine = machine_of(item, catalog, options.folder, kinds);
  const Workload workload = resolve_workload(catalog, from_folder(item.workload, options.folder));
  play.log = options.log;
  refuse_what_it_cannot(*machine, workload, play);
  refuse_ignored_changes(std::array<const Machine*, 1>{machine.get()}, std::array{workload});
  return report_facts(play_beside(*machine, workload, Baseline(), play), false);
}

bool is_integer(const Fact& fact) {
  return fact.as<std::int64_t>() != nullptr || fact.as<Int128>() != nullptr;
}

bool is_as_expected(const Fact& expected, const Fact& got, double tolerance) {
  if (!got.number()) return false;
  if (is_integer(expected) && is_integer(got) && tolerance == 0) return expected == got;
  return std::abs(*got.number() - *expected.number()) <= tolerance * std::abs(*expected.number());
}

/// What stands at a key; nothing for a group or list.
std::optional<Fact> value_at(const Fact& report, std::string_view key) {
  const Fact* const found = find_at(report, key);
  if (found == nullptr || found->as<Facts>() != nullptr || found->as<Fact::List>() != nullptr)
    return std::nullopt;
  return *found;
}

void compare(const BaselineFile& baseline, const Facts& expected, const Fact& report,
             CaseResult& result) {
  for (const NamedFact& value : expected) {
    ++result.values;
    std::optional<Fact> got = value_at(report, value.name);
    if (!got || !is_as_expected(value.value, *got, baseline.tolerance_of(value.name)))
      result.differences.push_back({value.name, value.value, std::move(got)});
  }
}

}  // namespace

std::unique_ptr<Machine> machine_of(const BaselineCase& item, const Catalog& catalog,
                                    const fs::path& folder, Kinds kinds) {
  return resolve_machine(catalog, from_folder(item.machine, folder), changes_of(item.set), kinds);
}

CheckResults check(const BaselineFile& baseline, const Catalog& catalog,
                   const CheckOptions& options, Kinds kinds) {
  const std::size_t count = baseline.cases.size();
  const auto inside = static_cast<unsigned>(options.threads / std::max<std::size_t>(count, 1));
  CheckResults results(count);
  SharedProgress progress(count, options.observer);
  parallel_for(count, options.threads, [&](std::size_t i) {
    const BaselineCase& item = baseline.cases[i];
    results[i].name = item.name;
    PlayOptions play;
    play.threads = std::max(1U, inside);
    play.observer = progress.of_job(i, item.name);
    try {
      compare(baseline, item.expect, report_of(item, catalog, options, play, kinds), results[i]);
    } catch (const UserError& mistake) {
      results[i].refused = mistake.what();
    } catch (const std::system_error& mistake) {
      results[i].refused = mistake.what();
    }
    progress.show(i, 1, item.name);
  });
  return results;
}

std::string path_for_baseline(const std::string& name_or_path, const fs::path& folder) {
  std::error_code failed;
  const bool file = fs::is_regular_file(name_or_path, failed);
  const fs::path path(name_or_path);
  if ((!file && !is_path(name_or_path)) || path.is_absolute()) return name_or_path;
  // A file keeps its own name, whatever it is a link to; folders are where they are.
  const fs::path home = fs::weakly_canonical(fs::absolute(folder.empty() ? "." : folder)),
                 place = fs::weakly_canonical(fs::absolute(path).parent_path()) / path.filename();
  std::string relative = place.lexically_relative(home).string();
  if (!is_path(relative)) relative.insert(0, "./");
  return relative;
}

Facts settings_for_baseline(const std::vector<std::string>& changes) {
  Facts settings;
  for (const std::string& change : changes) {
    const std::size_t equals = change.find('=');
    if (equals == 0 || equals == std::string::npos)
      refuse(change, "sets nothing", "path=value, path=@FILE");
    const std::string path = change.substr(0, equals), value = change.substr(equals + 1);
    Fact fact(value);
    if (value.starts_with('@')) {
      fact = parse_facts(read_text(value.substr(1)), value.substr(1));
    } else {
      try {
        fact = parse_facts(value, {});
      } catch (const UserError&) {
        // What is not JSON is text.
      }
    }
    settings.erase(path);  // its place is that of the last word on it
    settings.append(path, std::move(fact));
  }
  return settings;
}

void expect_report(BaselineCase& item, const Catalog& catalog, const CheckOptions& options,
                   Kinds kinds) {
  SharedProgress progress(1, options.observer);
  PlayOptions play;
  play.threads = options.threads;
  play.observer = progress.of_job(0, item.name);
  const Fact report = report_of(item, catalog, options, play, kinds);
  Facts expected;
  const auto expect = [&](const std::string& path, const Fact& value) {
    // Behind a name with dots another value of that path may lie: it cannot be asked for.
    if (is_integer(value) && find_at(report, path) == &value) expected.append(path, value);
  };
  constexpr std::string_view kFirst = "cycles";
  for (const FactLeaf& leaf : leaves_of(report))
    if (leaf.path == kFirst) expect(leaf.path, *leaf.value);
  for (const FactLeaf& leaf : leaves_of(report))
    if (leaf.path != kFirst) expect(leaf.path, *leaf.value);
  item.expect = std::move(expected);
}

}  // namespace hdp
