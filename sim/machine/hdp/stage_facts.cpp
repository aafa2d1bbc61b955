// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/stage_facts.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace hdp {
namespace {

struct PrunedBy {
  std::string_view name;
  std::int64_t reached = 0, left = 0;
  [[nodiscard]] double removed() const {
    return reached == 0 ? 0.0 : 1.0 - static_cast<double>(left) / static_cast<double>(reached);
  }
};

std::vector<PrunedBy> stages_of(const HdpResult& run) {
  const HdpCounts& counts = run.decisions;
  std::vector<PrunedBy> stages;
  std::int64_t live = counts.entries;
  if (!run.cascade.empty()) {
    std::int64_t dense = live = 0;
    for (const CascadeLayer& layer : run.cascade) {
      dense += layer.dense_entries;
      live += layer.live_entries;
    }
    stages.push_back({"cascade", dense, live});
  }
  stages.push_back({"blocks", live, counts.kept_entries});
  if (run.config.prune.tau >= 0)
    stages.push_back({"heads", counts.kept_entries, counts.estimates.entries});
  stages.push_back({"probability", counts.estimates.entries, counts.estimates.survivors});
  return stages;
}

}  // namespace

Fact::List stage_facts(const HdpResult& run) {
  Fact::List list;
  for (const PrunedBy& stage : stages_of(run))
    list.emplace_back(Facts{{"stage", stage.name},
                            {"reached", stage.reached},
                            {"removed", stage.reached - stage.left},
                            {"left", stage.left},
                            {"share_removed", stage.removed()}});
  return list;
}

std::string stage_text(const HdpResult& run) {
  std::string text;
  for (const PrunedBy& stage : stages_of(run))
    text += fmt::format("{}{} {:.1f}%", text.empty() ? "" : ", then ", stage.name,
                        100 * stage.removed());
  return text + " of the entries that reached them";
}

Facts estimate_facts(const EstimateCounts& counts) {
  return {{"entries", counts.entries},
          {"pruned_after", counts.pruned_after},
          {"chunks_fetched", counts.chunks_fetched()},
          {"fetched_per_chunk", counts.fetched_per_chunk},
          {"survivors", counts.survivors},
          {"empty_rows", counts.empty_rows},
          {"near_ties", counts.near_ties}};
}

}  // namespace hdp
