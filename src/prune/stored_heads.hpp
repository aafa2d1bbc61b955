// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <hdp/base/parallel.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// What is decided for the query heads that share a stored head, in their order.
template <class Result>
using StoredHeadWork =
    std::function<void(std::int64_t layer, std::int64_t stored, std::span<Result> heads)>;

/// Calls `work` once for every stored head of a trace, in parallel on `threads` threads; returns
/// the results by layer and query head.
template <class Result>
std::vector<std::vector<Result>> for_stored_heads(const Trace& trace, unsigned threads,
                                                  const StoredHeadWork<Result>& work) {
  struct Task {
    std::int64_t layer, stored;
  };
  std::vector<Task> tasks;
  std::vector<std::vector<Result>> results;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    results.emplace_back(static_cast<std::size_t>(trace.shape(layer).heads));
    for (std::int64_t stored = 0; stored < trace.shape(layer).kv_heads; ++stored)
      tasks.push_back({layer, stored});
  }
  parallel_for(tasks.size(), threads, [&](std::size_t t) {
    const auto [layer, stored] = tasks[t];
    const LayerShape& shape = trace.shape(layer);
    const auto group = static_cast<std::size_t>(shape.heads / shape.kv_heads);
    work(layer, stored,
         std::span(results[static_cast<std::size_t>(layer)])
             .subspan(static_cast<std::size_t>(stored) * group, group));
  });
  return results;
}

/// Adds the counts of a layer's query heads; K and V that several share were stored once.
template <class Counts, class Heads>
void add_heads(Counts& counts, const LayerShape& shape, const Heads& heads) {
  for (const auto& head : heads) {
    Counts of_head = head.counts;
    if (head.head % (shape.heads / shape.kv_heads) != 0)
      of_head.k_saturated = of_head.v_saturated = 0;
    counts.add(of_head);
  }
}

}  // namespace hdp
