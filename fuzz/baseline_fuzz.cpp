// SPDX-License-Identifier: Apache-2.0
// Baseline files: what is read can be added to and updated, and says then what was meant.
#include <array>
#include <utility>

#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/study/baseline_file.hpp>

namespace hdp::fuzz {
namespace {

void check_added(const std::string& text, const BaselineFile& file) {
  BaselineCase added{"added", "m", "w", {{"a", "b"}}, {{"cycles", 1}}};
  while (file.has_case(added.name)) added.name += '+';
  const std::string longer = with_case(text, added);
  // Tolerances of a file without cases are looked at now.
  if (file.cases.empty() && !file.tolerance.empty()) return;
  const BaselineFile more = read_baseline(longer, "longer");
  expect(more.cases.size() == file.cases.size() + 1, "a case is added");
  const BaselineCase& last = more.cases.back();
  expect(last.name == added.name && last.set == added.set && last.expect == added.expect,
         "a case is read as it was added");
}

/// Of every case one value moves, and one is gone.
void check_updated(const std::string& text, const BaselineFile& file) {
  CheckResults results;
  std::vector<Facts> expected;
  for (const BaselineCase& item : file.cases) {
    CaseResult& result = results.emplace_back(CaseResult{.name = item.name});
    Facts left = item.expect;
    if (item.expect.size() > 1) {
      const NamedFact &first = *item.expect.begin(), &last = *(item.expect.end() - 1);
      result.differences = {{first.name, first.value, Fact(77)}, {last.name, last.value, {}}};
      left.set(first.name, 77);
      left.erase(last.name);
    }
    expected.push_back(std::move(left));
  }
  const BaselineFile updated = read_baseline(with_results(text, results), "updated");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expect(updated.cases[i].expect == expected[i], "what came out is expected");
    expect(updated.cases[i].set == file.cases[i].set, "nothing else moves");
    expect(updated.cases[i].name == file.cases[i].name, "cases stay in their order");
  }
}

bool play(std::string_view input) {
  const std::string text(input);
  BaselineFile file;
  if (!accepts([&] { file = read_baseline(text, "input"); })) return false;
  expect(with_results(text, CheckResults(file.cases.size())) == text, "nothing is nothing");
  check_added(text, file);
  check_updated(text, file);
  return true;
}

Fact some_case(RandomStream& random) {
  constexpr std::array<std::string_view, 6> kKeys{
      "cycles", "units.core0.array.cycles.busy", "memory.row_hits", "", "a\"\\,}\n", "b."};
  Facts wanted;
  for (std::int64_t i = between(random, 0, 4); i > 0; --i)
    wanted.set(std::string(any_of(random, kKeys)),
               one_in(random, 4) ? Fact(0.25) : Fact(between(random, -5, 1'000'000)));
  return Facts{{"name", std::to_string(random.below(1000))},
               {"machine", "m"},
               {"workload", "dir/w.csv"},
               {"set", Facts{{"a.b", Fact::List{1, "]"}}}},
               {"expect", std::move(wanted)}};
}

std::string mutate(std::string_view input, RandomStream& random) {
  if (one_in(random, 4)) return with_other_bytes(std::string(input), random);
  Facts file = facts_in(input);
  file.set("format", "baseline-1");
  const Fact* const old = file.find("cases");
  Fact::List cases =
      old != nullptr && old->as<Fact::List>() ? *old->as<Fact::List>() : Fact::List{};
  if (!cases.empty() && one_in(random, 2)) cases.pop_back();
  if (one_in(random, 2)) cases.push_back(some_case(random));
  file.set("cases", std::move(cases));
  if (one_in(random, 3)) file.erase("tolerance");
  if (one_in(random, 3)) file.set("tolerance", Facts{{"cycles", 0.5}});
  const Fact all = one_in(random, 8) ? with_noise(file, random) : Fact(std::move(file));
  return facts_text(all, static_cast<int>(between(random, -1, 4)));
}

}  // namespace

const Target kBaseline{"baseline", play, mutate, 4'000};

}  // namespace hdp::fuzz
