// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "study/calibrate/turn.hpp"
#include "study/timed_play.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/kind.hpp>
#include <hdp/machine/knob.hpp>
#include <hdp/study/calibrate.hpp>
#include <hdp/study/measures.hpp>

namespace hdp {
namespace {

constexpr int kMostRounds = 8;

std::string named(const Machine& machine) {
  return fmt::format("{} (kind {})", machine.name(), machine.kind().name());
}

/// Those that change something on the workload.
std::vector<Knob> heeded(std::vector<Knob> knobs, const IgnoredSettings& ignored) {
  std::erase_if(knobs, [&](const Knob& knob) {
    return std::ranges::any_of(knob.parts, [&](const Knob::Part& part) {
      return find_ignored(ignored, part.path) != nullptr;
    });
  });
  return knobs;
}

/// For all layers, or with a value a layer; UserError where there are none.
std::vector<Knob> knobs_for(const Machine& machine, const Workload& workload, bool by_layer) {
  refuse_rows(workload);
  const Knobs knobs = machine.knobs();
  const IgnoredSettings ignored = machine.ignored(workload);
  std::vector<Knob> one = heeded(knobs.one, ignored);
  if (one.empty())
    refuse(machine.name(), fmt::format("kind {} has no knob to calibrate, as this machine stands",
                                       machine.kind().name()));
  if (!by_layer) return one;
  std::vector<Knob> each = heeded(knobs.by_layer, ignored);
  if (each.empty())
    refuse("--per-layer", named(machine) + " has no knob with a value a layer",
           "one value for all layers");
  return each;
}

/// Which knobs are turned for which targets. A target has the first knob that moves it and that no
/// target with fewer knobs needs. `spare`: what is left goes to the first target that it moves, in
/// case that its own does not reach.
class Assignment {
 public:
  Assignment(const Machine& machine, const std::vector<Knob>& knobs,
             std::span<const Target> targets, bool spare)
      : knobs_(knobs), targets_(targets), of_target_(targets.size()), taken_(knobs.size(), false) {
    for (const Target& target : targets) refuse_unmoved(machine, target.key);
    if (!assign(0)) refuse_crowd(machine);
    for (std::size_t k = 0; k < knobs.size() && spare; ++k)
      for (std::size_t t = 0; t < targets.size() && !taken_[k]; ++t)
        if (moves(k, t)) take(k, t);
  }
  [[nodiscard]] const std::vector<std::size_t>& of(std::size_t target) const {
    return of_target_[target];
  }

 private:
  [[nodiscard]] bool moves(std::size_t knob, std::size_t target) const {
    return knobs_[knob].move_of(targets_[target].key) != nullptr;
  }
  void take(std::size_t knob, std::size_t target) {
    taken_[knob] = true;
    of_target_[target].push_back(knob);
  }
  bool assign(std::size_t target) {
    if (target == targets_.size()) return true;
    for (std::size_t k = 0; k < knobs_.size(); ++k) {
      if (taken_[k] || !moves(k, target)) continue;
      take(k, target);
      if (assign(target + 1)) return true;
      taken_[k] = false;
      of_target_[target].pop_back();
    }
    return false;
  }
  void refuse_unmoved(const Machine& machine, const std::string& key) const {
    std::vector<std::string_view> moved;
    for (const std::string_view measure : kMeasures)
      if (std::ranges::any_of(knobs_, [&](const Knob& knob) { return knob.move_of(measure); }))
        moved.push_back(measure);
    if (std::ranges::find(moved, key) == moved.end())
      refuse(key, named(machine) + " has no knob that moves it",
             fmt::format("{}", fmt::join(moved, ", ")));
  }
  [[noreturn]] void refuse_crowd(const Machine& machine) const {
    std::vector<std::string_view> keys, paths;
    for (const Target& target : targets_) keys.push_back(target.key);
    for (const Knob& knob : knobs_) paths.push_back(knob.parts.back().path);
    refuse("--target",
           fmt::format("{} has no knob for each of {}", named(machine), fmt::join(keys, ", ")),
           fmt::format("no more targets than knobs move: {}", fmt::join(paths, ", ")));
  }

  const std::vector<Knob>& knobs_;
  std::span<const Target> targets_;
  std::vector<std::vector<std::size_t>> of_target_;
  std::vector<bool> taken_;
};

bool is_met(double value, double target) {
  return std::abs(value - target) <= kMostDeviation * std::abs(target);
}

/// What became of a target, or of one in a layer, in the run of the calibrated machine.
CalibratedTarget outcome(const Target& target, const KnobFound& found, bool held, double reached) {
  constexpr double kSame = 1e-9;
  CalibratedTarget outcome{.key = target.key,
                           .target = target.value,
                           .reached = reached,
                           .least = std::min(found.least, reached),
                           .most = std::max(found.most, reached),
                           .below = found.below,
                           .above = found.above};
  if (!is_met(reached, target.value)) {
    const bool as_found = std::abs(reached - found.value) <= kSame;
    outcome.reach = held                          ? Reach::Held
                    : as_found && found.nearest() ? Reach::Nearest
                                                  : Reach::OutOfReach;
  }
  return outcome;
}

std::size_t layers_of(const Workload& workload) {
  if (workload.encoder() != nullptr)
    return static_cast<std::size_t>(workload.encoder()->shape().layers);
  return static_cast<std::size_t>(workload.sequences().front().layers());
}

std::vector<std::string> keys_of(std::span<const Target> targets) {
  std::vector<std::string> keys;
  for (const Target& target : targets) keys.push_back(target.key);
  return keys;
}

PlayOptions play_options(std::span<const std::string> keys, const CalibrateOptions& options) {
  PlayOptions play;
  play.fidelity = std::ranges::any_of(keys, compares_outputs);
  play.threads = options.threads;
  return play;
}

/// If the first knob of every target is turned once, and the result played.
std::int64_t expected_plays(const std::vector<Knob>& knobs, const Assignment& assignment,
                            std::size_t targets, std::size_t layers) {
  constexpr std::int64_t kEnds = 2;
  std::int64_t plays = 1;
  for (std::size_t t = 0; t < targets; ++t) {
    const Knob& knob = knobs[assignment.of(t).front()];
    const auto steps = static_cast<std::uint64_t>(knob.scale.last - knob.scale.first);
    const std::int64_t searches = knob.cascades ? static_cast<std::int64_t>(layers) : 1;
    plays += std::max<std::int64_t>(searches, 1) *
             (kEnds + static_cast<std::int64_t>(std::bit_width(steps)));
  }
  return plays;
}

/// Turns knobs, target by target, until all of them stay where they are.
std::vector<Turned> turn_all(const Assignment& assignment, std::size_t targets, Turning& turning) {
  std::vector<Turned> last(targets);
  for (int round = 0; round < kMostRounds; ++round) {
    for (std::size_t t = 0; t < targets; ++t)
      for (const std::size_t knob : assignment.of(t)) {
        Turned turned = turning.turn(knob, t);
        for (std::size_t i = 0; i < last[t].found.size(); ++i) {
          turned.found[i].least = std::min(turned.found[i].least, last[t].found[i].least);
          turned.found[i].most = std::max(turned.found[i].most, last[t].found[i].most);
        }
        last[t] = std::move(turned);
        if (std::ranges::all_of(last[t].found, &KnobFound::nearest)) break;
      }
    if (!turning.moved() || targets == 1) break;
  }
  return last;
}

}  // namespace

void refuse_rows(const Workload& workload) {
  if (workload.rows() != nullptr)
    refuse(workload.name(), "holds rows, which bring their decisions: nothing is left to calibrate",
           "a trace, a batch, an encoder");
}

bool can_calibrate(const Machine& machine, const Workload& workload,
                   std::span<const Target> targets) {
  refuse_rows(workload);
  const std::vector<Knob> knobs = heeded(machine.knobs().one, machine.ignored(workload));
  if (knobs.empty()) return false;
  refuse_what_it_cannot(machine, workload, play_options(keys_of(targets), {}));
  (void)Assignment(machine, knobs, targets, true);
  return true;
}

Calibrated calibrate(const Machine& machine, const Workload& workload,
                     std::span<const Target> targets, const CalibrateOptions& options) {
  const std::vector<Knob> knobs = knobs_for(machine, workload, options.by_layer);
  const std::vector<std::string> keys = keys_of(targets);
  const PlayOptions play = play_options(keys, options);
  refuse_what_it_cannot(machine, workload, play);
  const Assignment assignment(machine, knobs, targets, !options.by_layer);
  const std::size_t layers = options.by_layer ? layers_of(workload) : 0;

  const auto sooner = with_changes(machine, machine.knobs().sooner);
  const std::int64_t expected = expected_plays(knobs, assignment, targets.size(), layers);
  std::int64_t plays = 0;
  Trials trials(*sooner, workload, keys, layers, play, [&] {
    ++plays;
    if (options.observer) options.observer(plays, expected);
  });
  Turning turning(knobs, trials, targets, layers);
  const std::vector<Turned> turned = turn_all(assignment, targets.size(), turning);

  Calibrated calibrated{.machine = with_changes(machine, turning.changes()), .calibration = {}};
  Calibration& result = calibrated.calibration;
  result.machine = machine.name();
  result.kind = machine.kind().name();
  result.keys = keys;
  result.changes = turning.changes();
  PlayOptions last = play;
  last.log = options.log;
  const RunResult run = timed_play(*calibrated.machine, workload, last, "calibrated ");
  result.plays = plays + 1;
  result.workloads.push_back({workload.name(), workload.sha256(), measures_of(run, keys)});
  for (std::size_t t = 0; t < targets.size(); ++t)
    for (std::size_t i = 0; i < turned[t].found.size(); ++i) {
      const double reached =
          layers == 0 ? result.workloads.front().reached[t] : measure_of(run, keys[t], i).value();
      result.targets.push_back(outcome(targets[t], turned[t].found[i], turned[t].held[i], reached));
      if (layers == 0)
        result.targets.back().counts = counts_of(run, keys[t]);
      else
        result.targets.back().layer = static_cast<std::int64_t>(i);
    }
  return calibrated;
}

void hold_on(const Workload& workload, const CalibrateOptions& options, Calibrated& calibrated) {
  Calibration& result = calibrated.calibration;
  PlayOptions play = play_options(result.keys, options);
  play.log = options.log;
  const RunResult run = timed_play(*calibrated.machine, workload, play, "calibrated ");
  result.workloads.push_back({workload.name(), workload.sha256(), measures_of(run, result.keys)});
}

}  // namespace hdp
