// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "study/timed_play.hpp"
#include <hdp/base/error.hpp>
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
  comparison.baseline =
      within([&] { return timed_play(*job.machine, job.workload, of_baseline, "baseline "); });
  return comparison;
}

}  // namespace hdp
