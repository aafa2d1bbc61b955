// SPDX-License-Identifier: Apache-2.0
#include "study/calibrate/knob_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <numeric>

#include <boost/math/tools/minima.hpp>

namespace hdp {
namespace {

struct Place {
  std::int64_t step = 0;
  double value = 0;
};

/// The nearer of two; distances that differ by rounding alone are one.
const Place& nearer(const Place& low, const Place& high, const KnobGoal& goal) {
  const double from_low = std::abs(low.value - goal.target),
               from_high = std::abs(high.value - goal.target);
  constexpr double kRounding = 1e-12;
  if (std::abs(from_low - from_high) <= kRounding * std::max(1.0, std::abs(goal.target)))
    return goal.prunes_upwards ? low : high;
  return from_low < from_high ? low : high;
}

/// Two steps around the target, which come together until nothing is between them.
class Bisection {
 public:
  Bisection(Place low, Place high, const KnobGoal& goal) : low_(low), high_(high), goal_(&goal) {}

  [[nodiscard]] bool brackets() const {
    return (low_.value <= goal_->target) != (high_.value <= goal_->target) ||
           low_.value == goal_->target || high_.value == goal_->target;
  }
  [[nodiscard]] bool done() const {
    return !brackets() || high_.step - low_.step <= 1 || low_.value == goal_->target ||
           high_.value == goal_->target;
  }
  [[nodiscard]] std::int64_t next() const { return std::midpoint(low_.step, high_.step); }
  void tell(double value) {
    const bool is_low = (value <= goal_->target) == (low_.value <= goal_->target);
    (value != goal_->target && is_low ? low_ : high_) = {next(), value};
  }
  [[nodiscard]] KnobFound found() const {
    const Place& best = nearer(low_, high_, *goal_);
    KnobFound found{.step = best.step, .value = best.value};
    if (brackets()) {
      found.below = best.value == goal_->target ? best.value : std::min(low_.value, high_.value);
      found.above = best.value == goal_->target ? best.value : std::max(low_.value, high_.value);
    }
    return found;
  }

 private:
  Place low_, high_;
  const KnobGoal* goal_;
};

/// A search over steps that remembers what it has seen.
class Search {
 public:
  Search(const KnobGoal& goal, const std::function<double(std::int64_t)>& measure)
      : goal_(goal), measure_(measure) {}

  KnobFound run(std::optional<std::int64_t> from) {
    if (from && gallop(*from)) return finish();
    at(goal_.first);
    at(goal_.last);
    if (!bisect() && !goal_.monotone) {
      seek_extremum();
      bisect();
    }
    return finish();
  }

 private:
  double at(std::int64_t step) {
    const auto [place, fresh] = seen_.try_emplace(step, 0);
    if (fresh) place->second = measure_(step);
    return place->second;
  }

  /// Away from a step, further every time, until the target lies behind.
  bool gallop(std::int64_t from) {
    const bool upwards = (at(from) < goal_.target) == goal_.rises;
    std::int64_t last = from;
    for (std::int64_t stride = 1; !between(last, from); stride *= 2) {
      const std::int64_t end = upwards ? goal_.last : goal_.first;
      if (last == end) return false;
      const std::int64_t next =
          upwards ? std::min(end, last + stride) : std::max(end, last - stride);
      from = last;
      last = next;
      at(last);
    }
    return bisect();
  }
  [[nodiscard]] bool between(std::int64_t a, std::int64_t b) {
    return Bisection({a, at(a)}, {b, at(b)}, goal_).brackets();
  }

  /// Between the first two neighbours of those that were seen, from the end that prunes least,
  /// around the target.
  bool bisect() {
    const std::vector<std::pair<const std::int64_t, double>> seen(seen_.begin(), seen_.end());
    const std::size_t pairs = seen.size() - 1;
    for (std::size_t i = 0; i < std::max<std::size_t>(pairs, 1); ++i) {
      const std::size_t low = goal_.prunes_upwards ? i : pairs - std::min(pairs, i + 1);
      const std::size_t high = std::min(low + 1, pairs);
      Bisection around({seen[low].first, seen[low].second}, {seen[high].first, seen[high].second},
                       goal_);
      if (!around.brackets()) continue;
      while (!around.done()) around.tell(at(around.next()));
      found_ = around.found();
      return true;
    }
    return false;
  }

  /// The highest, or lowest, that the measure goes between the ends.
  void seek_extremum() {
    constexpr int kBits = 12;
    std::uintmax_t evaluations = 40;
    const double sign = at(goal_.first) < goal_.target ? -1 : 1;
    boost::math::tools::brent_find_minima(
        [&](double place) { return sign * at(std::llround(place)); },
        static_cast<double>(goal_.first), static_cast<double>(goal_.last), kBits, evaluations);
  }

  KnobFound finish() {
    if (!found_) {
      const auto distance = [&](const auto& seen) { return std::abs(seen.second - goal_.target); };
      auto best = goal_.prunes_upwards ? seen_.begin() : std::prev(seen_.end());
      for (auto seen = seen_.begin(); seen != seen_.end(); ++seen)
        if (distance(*seen) < distance(*best)) best = seen;
      found_ = KnobFound{.step = best->first, .value = best->second};
    }
    const auto [least, most] =
        std::minmax_element(seen_.begin(), seen_.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; });
    found_->least = least->second;
    found_->most = most->second;
    return *found_;
  }

  const KnobGoal& goal_;
  const std::function<double(std::int64_t)>& measure_;
  std::map<std::int64_t, double> seen_;
  std::optional<KnobFound> found_;
};

}  // namespace

KnobFound search_knob(const KnobGoal& goal, std::optional<std::int64_t> from,
                      const std::function<double(std::int64_t)>& measure) {
  return Search(goal, measure).run(from);
}

std::vector<KnobFound> search_layers(
    const KnobGoal& goal, std::size_t layers,
    const std::function<std::vector<double>(std::span<const std::int64_t>)>& measures) {
  std::vector<std::int64_t> steps(layers, goal.first);
  const std::vector<double> at_first = measures(steps);
  steps.assign(layers, goal.last);
  const std::vector<double> at_last = measures(steps);
  std::vector<Bisection> each;
  for (std::size_t l = 0; l < layers; ++l)
    each.emplace_back(Place{goal.first, at_first[l]}, Place{goal.last, at_last[l]}, goal);
  while (!std::ranges::all_of(each, &Bisection::done)) {
    for (std::size_t l = 0; l < layers; ++l)
      steps[l] = each[l].done() ? each[l].found().step : each[l].next();
    const std::vector<double> values = measures(steps);
    for (std::size_t l = 0; l < layers; ++l)
      if (!each[l].done()) each[l].tell(values[l]);
  }
  std::vector<KnobFound> found;
  for (std::size_t l = 0; l < layers; ++l) {
    found.push_back(each[l].found());
    found.back().least = std::min(at_first[l], at_last[l]);
    found.back().most = std::max(at_first[l], at_last[l]);
  }
  return found;
}

}  // namespace hdp
