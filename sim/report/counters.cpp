// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hdp/base/error.hpp>
#include <hdp/report/counters.hpp>

namespace hdp {
namespace {

struct Line {
  std::string_view unit;
  CounterInfo counter;
  friend bool operator==(const Line& a, const Line& b) {
    return a.unit == b.unit && a.counter.name == b.counter.name;
  }
};

/// What every unit says, whatever its kind.
constexpr std::string_view kEveryUnit = "every unit";
constexpr std::array<CounterInfo, 4> kCycles{
    {{"cycles.total", "core cycles", "Cycles of the run: idle + busy + sum of blocked."},
     {"cycles.idle", "core cycles", "Cycles without work."},
     {"cycles.busy", "core cycles", "Cycles at work."},
     {"cycles.blocked", "core cycles",
      "Cycles with work that could not go on, by what they waited for."}}};

/// Why units of any kind were blocked.
constexpr std::array<CounterInfo, 13> kReasons{
    {{"blocked.memory", "core cycles", "Data are on their way, or have not been asked for."},
     {"blocked.decision", "core cycles",
      "A decision is due: the masks and the head decision, or the ranking behind a layer."},
     {"blocked.scores", "core cycles", "Scores are still being computed by the other array."},
     {"blocked.softmax", "core cycles", "Scores are on their way through the softmax unit."},
     {"blocked.vector", "core cycles", "Outputs of earlier tiles wait for the vector unit."},
     {"blocked.scoreboard", "core cycles", "A token has no entry in the scoreboard yet."},
     {"blocked.full", "core cycles", "All entries are in use, and a token wants one."},
     {"blocked.top_k", "core cycles", "The values of a query are being chosen."},
     {"blocked.sram_bank", "core cycles", "Operands come slower from the SRAM than they are used."},
     {"blocked.score_fifo", "core cycles", "The FIFO of scores has no room for one more."},
     {"blocked.row", "core cycles", "Other units have keys of the row left."},
     {"blocked.row_buffer", "core cycles", "There is no room for another row under way."},
     {"blocked.output", "core cycles", "A result that the next unit has no room for yet."}}};

/// The counter or unit of that name; "busy" is "cycles.busy", too.
bool means(const Line& line, std::string_view word) {
  const std::string_view name = line.counter.name;
  return name == word || line.unit == word || name.substr(name.find('.') + 1) == word ||
         name.substr(0, name.find('.')) == word;
}

/// Without those that two kinds of machines share.
std::vector<Line> lines_of(std::span<const UnitKind* const> units) {
  std::vector<Line> lines;
  const auto add = [&](const Line& line) {
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
  };
  for (const CounterInfo& counter : kCycles) add({kEveryUnit, counter});
  for (const CounterInfo& reason : kReasons) add({kEveryUnit, reason});
  for (const UnitKind* unit : units)
    for (const CounterInfo& counter : unit->counters) add({unit->name, counter});
  return lines;
}

}  // namespace

std::string counters_text(std::span<const UnitKind* const> units, std::string_view counter) {
  std::string text;
  std::vector<std::string_view> names;
  for (const Line& line : lines_of(units)) {
    names.push_back(line.counter.name);
    if (!counter.empty() && !means(line, counter)) continue;
    text += fmt::format("{:<20} {:<18} [{}] {}\n", line.unit, line.counter.name, line.counter.unit,
                        line.counter.doc);
  }
  if (!text.empty()) return text;
  for (const UnitKind* unit : units) names.push_back(unit->name);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  refuse(std::string(counter), "no such counter or unit", fmt::format("{}", fmt::join(names, ", ")),
         nearest_name(counter, names));
}

std::string counters_page(std::span<const UnitKind* const> units) {
  std::string text =
      "# Counters\n\nMade by `hdpsim explain --page`; a test compares. A report has them under "
      "`units.<instance>`.\n\n| unit | counter | unit of the number | meaning "
      "|\n|---|---|---|---|\n";
  for (const Line& line : lines_of(units))
    text += fmt::format("| `{}` | `{}` | {} | {} |\n", line.unit, line.counter.name,
                        line.counter.unit, line.counter.doc);
  text += "\n| unit | what it is |\n|---|---|\n";
  std::vector<std::string_view> seen;
  for (const UnitKind* unit : units) {
    if (std::ranges::find(seen, unit->name) != seen.end()) continue;
    seen.push_back(unit->name);
    text += fmt::format("| `{}` | {} |\n", unit->name, unit->doc);
  }
  return text;
}

}  // namespace hdp
