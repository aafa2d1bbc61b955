// SPDX-License-Identifier: Apache-2.0
// Sweep files: what is read is written and read again as the same, and has the points it counts.
#include <array>
#include <string>
#include <utility>

#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/study/sweep/points.hpp>

namespace hdp::fuzz {
namespace {

constexpr std::int64_t kMostDrawn = 10'000;  // more takes long and shows nothing else

void check_points(const SweepFile& sweep) {
  const SweepPoints points(sweep);
  expect(points.count() > 0, "a sweep has a point");
  for (const std::int64_t number : {std::int64_t{0}, points.count() / 2, points.count() - 1}) {
    const SweepPoint point = points.at(number);
    expect(point.machine < sweep.machines.size() && point.workload < sweep.workloads.size(),
           "a point has a machine and a workload");
    std::size_t settings = 0;
    for (const SweepAxis& axis : sweep.axes) settings += axis.settings.size();
    expect(point.settings.size() == settings, "a point has a value of every setting");
  }
}

bool play(std::string_view input) {
  SweepFile sweep;
  if (!accepts([&] { sweep = read_sweep(input, "/folder/input.json"); })) return false;
  const std::string text = sweep_text(sweep);
  expect(sweep_text(read_sweep(text, "/elsewhere/again.json")) == text,
         "what is written reads the same");
  if (sweep.sample.count > kMostDrawn) return true;
  return accepts([&] { check_points(sweep); });
}

Fact::List some_values(RandomStream& random, std::int64_t count) {
  Fact::List values;
  for (std::int64_t i = 1; i <= count; ++i)
    values.push_back(one_in(random, 3) ? Fact(0.7 * static_cast<double>(i)) : Fact(i));
  return values;
}

Facts some_axis(RandomStream& random, std::int64_t number) {
  const std::string path = "x." + std::to_string(number);
  if (one_in(random, 3)) {
    const std::int64_t count = between(random, 1, 4);
    Fact::List both;
    for (const char* end : {".a", ".b"})
      both.emplace_back(Facts{{"path", path + end}, {"values", some_values(random, count)}});
    return {{"zip", std::move(both)}};
  }
  if (one_in(random, 2))
    return {{"path", path}, {"values", some_values(random, between(random, 1, 4))}};
  Facts axis{{"path", path},
             {"from", one_in(random, 2) ? Fact(between(random, 0, 3)) : Fact(0.25)},
             {"to", between(random, 4, 9)}};
  if (!one_in(random, 6)) axis.set("count", between(random, 1, 3));
  if (one_in(random, 4)) axis.set("scale", "log");
  return axis;
}

std::string mutate(std::string_view input, RandomStream& random) {
  if (one_in(random, 4)) return with_other_bytes(std::string(input), random);
  constexpr std::array<std::string_view, 4> kMethods{"random", "latin_hypercube", "sobol", "best"};
  Facts file = facts_in(input);
  file.set("machine", "m");
  file.set("workload", Fact::List{"w", "dir/v.json"});
  Fact::List axes;
  for (std::int64_t i = between(random, 0, 4); i > 0; --i)
    axes.emplace_back(some_axis(random, one_in(random, 20) ? 1 : i));
  file.set("axes", std::move(axes));
  if (one_in(random, 2))
    file.set("sample", Facts{{"method", any_of(random, kMethods)},
                             {"count", between(random, 1, 20)},
                             {"seed", between(random, 0, 3)}});
  else
    file.erase("sample");
  const Fact all = one_in(random, 8) ? with_noise(file, random) : Fact(std::move(file));
  return facts_text(all, static_cast<int>(between(random, -1, 4)));
}

}  // namespace

const Target kSweep{"sweep", play, mutate, 4'000};

}  // namespace hdp::fuzz
