// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "report/change_text.hpp"
#include <hdp/base/one_line.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/run_diff.hpp>

namespace hdp {
namespace {

bool are_numbers(const ReportChange& change) {
  return change.before && change.after && change.before->number() && change.after->number();
}

/// "+64" of integers, "-0.0132" of others.
std::string signed_text(const Fact& difference) {
  if (const auto* const real = difference.as<double>()) return fmt::format("{:+.6g}", *real);
  const std::string text = value_line(difference);
  return text.starts_with('-') ? text : '+' + text;
}

std::string line_of(const ReportChange& change, bool sizes) {
  std::string line = fmt::format("{} {} -> {}", one_line(change.path), value_line(change.before),
                                 value_line(change.after));
  if (!sizes || !are_numbers(change)) return line;
  line += fmt::format(" ({}", signed_text(difference_of(*change.before, *change.after)));
  if (const auto relative = relative_change(*change.before, *change.after))
    line += ", " + percent_text(*relative);
  return line + ')';
}

void add_part(std::string& text, std::string_view title, const std::vector<ReportChange>& changes,
              std::size_t most, bool sizes) {
  if (changes.empty()) return;
  text += fmt::format("\n{} ({})\n", title, changes.size());
  const std::size_t shown = std::min(most, changes.size());
  for (std::size_t i = 0; i < shown; ++i) text += "  " + line_of(changes[i], sizes) + '\n';
  if (shown < changes.size())
    text += fmt::format("  and {} more (--all shows them)\n", changes.size() - shown);
}

ReportChange cycles_of(const ReportDiff& diff) {
  return {.path = "cycles", .before = diff.a.cycles, .after = diff.b.cycles};
}

Facts facts_of(const ReportChange& change, bool sizes) {
  Facts facts{{"path", change.path}};
  if (change.before) facts.set("before", *change.before);
  if (change.after) facts.set("after", *change.after);
  if (!sizes || !are_numbers(change)) return facts;
  facts.set("change", difference_of(*change.before, *change.after));
  facts.set("relative", relative_change(*change.before, *change.after));
  return facts;
}

Fact::List facts_of(const std::vector<ReportChange>& changes, bool sizes) {
  Fact::List list;
  for (const ReportChange& change : changes) list.emplace_back(facts_of(change, sizes));
  return list;
}

Facts facts_of(const ReportDiff::Side& side) {
  return {{"file", one_line(side.file)},
          {"machine", side.machine},
          {"workload", side.workload},
          {"cycles", side.cycles}};
}

}  // namespace

std::string diff_text(const ReportDiff& diff, std::size_t most) {
  if (diff.empty()) return fmt::format("cycles {}, nothing differs\n", value_line(diff.a.cycles));
  std::string text = diff.a.cycles == diff.b.cycles
                         ? fmt::format("cycles {}, as before\n", value_line(diff.a.cycles))
                         : line_of(cycles_of(diff), true) + '\n';
  add_part(text, "settings", diff.settings, most, false);
  add_part(text, "counters by relative change", diff.counters, most, true);
  add_part(text, "items of lists by relative change", diff.items, most, true);
  add_part(text, "texts", diff.texts, most, false);
  return text;
}

std::string diff_json(const ReportDiff& diff) {
  Facts cycles = facts_of(cycles_of(diff), true);
  cycles.erase("path");
  return facts_text(Facts{{"format", "diff-1"},
                          {"a", facts_of(diff.a)},
                          {"b", facts_of(diff.b)},
                          {"cycles", std::move(cycles)},
                          {"settings", facts_of(diff.settings, false)},
                          {"counters", facts_of(diff.counters, true)},
                          {"items", facts_of(diff.items, true)},
                          {"texts", facts_of(diff.texts, false)}});
}

}  // namespace hdp
