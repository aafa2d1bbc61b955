// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/dealing.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <hdp/memory/sram.hpp>

namespace hdp {
namespace {

std::int64_t phase_cycles(const HdpResult& run, std::string_view counter) {
  std::int64_t sum = 0;
  for (const UnitReport& unit : run.units)
    for (const Counter& c : unit.counters)
      if (unit.datapath && c.name == counter) sum += c.value;
  return sum;
}

/// Of the passes of so many things over PEs, what twice as many PEs save.
double saving(std::int64_t count, std::int64_t pes) {
  return 1 -
         static_cast<double>(ceil_div(count, 2 * pes)) / static_cast<double>(ceil_div(count, pes));
}

double rows_saving(const HdpResult& run) {
  const Layout& layout = run.layouts.back();
  return saving(layout.appends ? 1 : layout.shape.n_q, run.config.core.pe_array.rows);
}

double columns_saving(const HdpResult& run) {
  const PeArrayConfig& array = run.config.core.pe_array;
  const LayerShape& shape = run.layouts.back().shape;
  const auto cycles = [&](std::string_view counter) {
    return static_cast<double>(phase_cycles(run, counter));
  };
  const double score = cycles("integer_cycles") + cycles("score_cycles");
  const double fraction = cycles("fraction_cycles"), value = cycles("value_cycles");
  const double fewer_passes =
      1 - static_cast<double>(run.totals.wider_fraction_passes) /
              static_cast<double>(std::max<std::int64_t>(1, run.totals.fraction_passes));
  return (score * saving(shape.n_k, array.columns) + fraction * fewer_passes +
          value * saving(shape.d, array.columns)) /
         std::max(1.0, score + fraction + value);
}

/// Ports in a core with an array twice as large: with twice the columns it reads K and V, which
/// take turns, as often; with twice the rows less often, but Q as often.
double operand_share(const HdpResult& run) {
  std::map<std::string, std::map<std::string, std::int64_t>> busy;
  for (const UnitReport& unit : run.units) {
    const std::size_t dot = unit.instance.find('.');
    if (unit.kind == sram_kind().name && dot != std::string::npos)
      busy[unit.instance.substr(0, dot)][unit.instance.substr(dot + 1)] = unit.busy;
  }
  const double rows = rows_saving(run);
  std::int64_t most = 0;
  for (auto& [core, of] : busy) {
    const std::int64_t keys = of["k_sram"] + of["v_sram"];
    const auto fewer = static_cast<std::int64_t>(static_cast<double>(keys) * (1 - rows));
    most = std::max(most, std::min(keys, std::max(of["q_sram"], fewer)));
  }
  return static_cast<double>(most) / static_cast<double>(run.cycles);
}

/// Slices between two barriers: those of a layer, in a problem.
std::vector<std::int64_t> slices_of(const HdpResult& run) {
  using Pair = std::pair<std::int64_t, std::int64_t>;
  std::map<Pair, std::map<Pair, std::int64_t>> heads;  // of a problem and layer, by group
  for (const HdpRecord& record : run.records) {
    const LayerShape& shape = run.layouts[static_cast<std::size_t>(record.head.layer)].shape;
    const std::int64_t group = record.head.head / (shape.heads / shape.kv_heads);
    ++heads[{record.problem, record.head.layer}][{record.head.sequence, group}];
  }
  std::vector<std::int64_t> slices;
  for (const auto& [problem, groups] : heads) {
    const Layout& layout = run.layouts[static_cast<std::size_t>(problem.second)];
    std::int64_t& count = slices.emplace_back(0);
    for (const auto& [group, members] : groups) count += ceil_div(members, layout.slice_heads);
  }
  return slices;
}

}  // namespace

Dealing dealing_of(const HdpResult& run) {
  return {.cores = run.config.cores,
          .contexts = run.config.core.contexts,
          .pieces = slices_of(run),
          .savings = {{"pe_array", std::max(rows_saving(run), columns_saving(run))}},
          .operand_share = operand_share(run)};
}

}  // namespace hdp
