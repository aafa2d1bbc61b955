// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/map_heads.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace hdp {
namespace {

/// The keys of a problem that are live, which a plan counts from 0.
std::vector<std::int32_t> keys_of(const Problem& whole, const PlannedProblem& live) {
  if (!live.tokens.empty()) return live.tokens;
  std::vector<std::int32_t> keys(static_cast<std::size_t>(whole.keys));
  std::iota(keys.begin(), keys.end(), 0);
  return keys;
}

/// Of a problem's tokens the last ones ask.
void map_head(const Problem& whole, const std::vector<std::int32_t>& keys, const HdpPlan& plan,
              HeadMap& map) {
  const std::int64_t first = whole.keys - whole.queries;
  const auto asking = std::ranges::lower_bound(keys, first) - keys.begin();
  for (std::int64_t i = 0; i < plan.problem.queries; ++i) {
    const std::int64_t token = keys[static_cast<std::size_t>(asking + i)];
    for_each_left(plan, i, [&](std::int64_t key) {
      map.keep(whole.first_query + token - first, keys[static_cast<std::size_t>(key)]);
    });
  }
}

}  // namespace

void map_heads(const Problem& whole, const PlannedProblem& live, std::int64_t sequence,
               std::int64_t layer, HeadMaps& maps) {
  const std::vector<std::int32_t> keys = keys_of(whole, live);
  for (std::size_t h = 0; h < live.heads.size(); ++h) {
    HeadMap* const map = maps.find(sequence, layer, live.heads[h]);
    if (map == nullptr) continue;
    if (live.plans.empty())
      map->keep_all();
    else
      map_head(whole, keys, live.plans[h], *map);
  }
}

}  // namespace hdp
