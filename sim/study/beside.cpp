// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "study/row_key.hpp"
#include "study/timed_play.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/shared_cache.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/study/beside.hpp>

namespace hdp {
namespace {

using Observer = std::function<void(std::int64_t, std::int64_t)>;

/// The run is the first half of the work, the baseline the second.
Observer half_of(const Observer& observer, bool second) {
  if (!observer) return {};
  return [observer, second](std::int64_t done, std::int64_t total) {
    observer(done + (second ? total : 0), 2 * total);
  };
}

/// Takes the value at a dotted path out, where it is.
void erase(Facts& facts, std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    facts.erase(path);
    return;
  }
  const Fact* const group = facts.find(path.substr(0, dot));
  if (group == nullptr || group->as<Facts>() == nullptr) return;
  Facts inner = *group->as<Facts>();
  erase(inner, path.substr(dot + 1));
  facts.set(std::string(path.substr(0, dot)), std::move(inner));
}

/// What a run takes where it is kept for others; roughly.
std::size_t bytes_of(const RunResult& run) {
  constexpr std::size_t kUnit = 2048;
  return run.machine.text.size() + (run.units.size() + 8) * kUnit;
}

/// All settings that count on the workload: those of pruning, where it is off, do not.
std::string settings_that_count(const Job& job) {
  Facts settings = *parse_facts(job.machine->text(), job.machine->name()).as<Facts>();
  for (const IgnoredSetting& ignored : job.machine->ignored(job.workload))
    erase(settings, ignored.path);
  return json_text(settings);
}

/// The baseline's run, from among those that are shared where there is such a place. Nobody asks a
/// baseline for its phases and rows.
RunResult play_baseline(const Job& job, const PlayOptions& options) {
  const auto make = [&] {
    RunResult run = timed_play(*job.machine, job.workload, options, "baseline ");
    run.phases.clear();
    run.rows.clear();
    return run;
  };
  if (options.shared == nullptr || options.memory) return make();
  return *options.shared->get("baseline\n" + row_key({settings_that_count(job)}, job.workload),
                              make, bytes_of);
}

}  // namespace

Job Baseline::job(const Machine& machine, const Workload& workload) const {
  return machine_ ? Job{machine_, workload} : machine.unpruned(workload);
}

UserError Baseline::within(const UserError& mistake) const {
  return mistake.within("baseline " + word_ + " (--baseline none leaves it out)");
}

Baseline resolve_baseline(const Catalog& catalog, const std::string& text, Kinds kinds) {
  if (text == Baseline::kSame) return {};
  if (text == Baseline::kNone) return Baseline::none();
  return Baseline(resolve_machine(catalog, text, {}, kinds));
}

Comparison play_beside(const Machine& machine, const Workload& workload, const Baseline& baseline,
                       const PlayOptions& options) {
  refuse_what_it_cannot(machine, workload, options);
  if (baseline.is_none()) return {.run = timed_play(machine, workload, options)};
  PlayOptions of_run = options, of_baseline = options;
  of_run.observer = half_of(options.observer, false);
  of_baseline.observer = half_of(options.observer, true);
  of_baseline.fidelity = false;
  of_baseline.timeline = nullptr;
  of_baseline.maps = nullptr;
  of_baseline.order.clear();  // of the run's own units
  const auto within = [&](auto&& work) {
    try {
      return work();
    } catch (const UserError& mistake) {
      throw baseline.within(mistake);
    }
  };
  // Before any work: a baseline that cannot play it says so at once.
  const Job job = within([&] {
    Job beside = baseline.job(machine, workload);
    refuse_what_it_cannot(*beside.machine, beside.workload, of_baseline);
    return beside;
  });
  Comparison comparison{.run = timed_play(machine, workload, of_run),
                        .baseline_name = baseline.name()};
  comparison.baseline = within([&] { return play_baseline(job, of_baseline); });
  return comparison;
}

}  // namespace hdp
