// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <hdp/base/parallel.hpp>
#include <hdp/prune/hdp_decisions.hpp>
#include <hdp/prune/split_choice.hpp>

namespace hdp {
namespace {

/// What the whole trace decides, without scores.
HdpCounts plan_all(const Trace& trace, const HdpSettings& settings, const HdpFormats& formats,
                   unsigned threads) {
  HdpCounts total;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const std::vector<Problem> problems = hdp::problems(trace, layer);
    std::vector<HdpCounts> heads(static_cast<std::size_t>(trace.shape(layer).heads));
    parallel_for(heads.size(), threads, [&](std::size_t h) {
      HdpHead head;
      HdpPlanner planner(settings);
      HdpPlan plan;
      head.load(trace, layer, static_cast<std::int64_t>(h), formats, settings, false);
      planner.load(head.q.integer.view(), head.k.integer.view());
      for (const Problem& problem : problems) {
        planner.plan(problem, plan);
        heads[h].add(plan);
      }
    });
    for (const HdpCounts& head : heads) total.add(head);
  }
  return total;
}

}  // namespace

std::optional<SplitMode> split_that_ranks(std::span<const Trace> traces,
                                          const HdpSettings& settings, const HdpFormats& formats,
                                          unsigned threads) {
  std::optional<SplitMode> best;
  std::int64_t fewest = 0;
  for (const SplitMode split : {SplitMode::Nearest, SplitMode::Floor, SplitMode::Trunc}) {
    if (split == settings.split) continue;
    HdpSettings other = settings;
    other.split = split;
    HdpCounts counts;
    for (const Trace& trace : traces) counts.add(plan_all(trace, other, formats, threads));
    if (counts.degenerate() || (best && counts.flat_rows >= fewest)) continue;
    best = split;
    fewest = counts.flat_rows;
  }
  return best;
}

}  // namespace hdp
