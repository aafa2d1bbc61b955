// SPDX-License-Identifier: Apache-2.0
// A workload file of either format: its rows write and read back, with any of their features.
#include <array>
#include <string>
#include <vector>

#include "mutate.hpp"
#include "targets.hpp"
#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp::fuzz {
namespace {

bool play(std::string_view input) {
  SpattenWorkload workload;
  if (!accepts([&] { workload = parse_spatten_workload(input, "input"); })) return false;
  const SpattenWorkload back = parse_spatten_workload(write_spatten_workload(workload), "written");
  expect(back.rows == workload.rows && back.trailer == workload.trailer,
         "rows write and read back");
  for (const RowStep& step : kRowSteps)
    expect(with_features(workload.rows, step.features).size() >= workload.rows.size() ||
               step.features.heads,
           "only the pruning of heads leaves rows out");
  (void)summarise(workload);
  (void)rtl_traffic(workload.rows);
  return true;
}

using Cells = std::vector<std::string>;

Cells cut(std::string_view text, char at) {
  Cells parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const Cells& parts, char with) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : std::string(1, with)) + parts[i];
  return text;
}

std::string other_cell(RandomStream& random) {
  constexpr std::array<const char*, 9> kWords{"-1", "0",    "True",    "False", "64.0",
                                              "",   "0.05", "1048576", "1e3"};
  if (one_in(random, 3)) return any_of(random, kWords);
  return std::to_string(between(random, 0, one_in(random, 4) ? 2000 : 20));
}

/// A row of the table twice, left out, or with another cell.
std::string mutate(std::string_view input, RandomStream& random) {
  if (one_in(random, 6)) return with_other_bytes(std::string(input), random);
  Cells lines = cut(input, '\n');
  for (std::int64_t i = between(random, 1, 3); i > 0; --i) {
    const std::size_t at = random.below(lines.size());
    Cells cells = cut(lines[at], ',');
    switch (random.below(6)) {
      case 0:
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(lines[at]));
        break;
      case 1:
        if (lines.size() > 1) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      default:
        if (at == 0) break;  // the header
        cells[random.below(cells.size())] = other_cell(random);
        lines[at] = joined(cells, ',');
    }
  }
  return joined(lines, '\n');
}

}  // namespace

const Target kRows{"rows", play, mutate, 60'000};

}  // namespace hdp::fuzz
