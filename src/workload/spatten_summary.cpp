// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <hdp/workload/spatten_summary.hpp>

namespace hdp {
namespace {

void count(RowSummary& summary, const SpattenRow& row, std::int64_t heads) {
  ++summary.rows;
  summary.heads = std::max(summary.heads, heads);
  summary.tokens.add(row.sentence_length);
  summary.keys.add(row.key_fetch);
  summary.values.add(row.value_fetch);
  summary.requantised += row.requantise ? 1 : 0;
  summary.top_k += row.top_k ? 1 : 0;
}

void count_bits(std::vector<RowBits>& bits, const SpattenRow& row) {
  const auto same = std::ranges::find_if(bits, [&](const RowBits& b) {
    return b.key == row.key_bits && b.value == row.value_bits && b.query == row.query_bits;
  });
  if (same != bits.end())
    ++same->rows;
  else
    bits.push_back({row.key_bits, row.value_bits, row.query_bits, 1});
}

}  // namespace

void RowCount::add(std::int64_t value) {
  sum += value;
  least = std::min(least, value);
  most = std::max(most, value);
}

SpattenSummary summarise(const SpattenWorkload& workload) {
  SpattenSummary summary;
  std::set<std::int64_t> iterations;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> heads;
  std::map<std::int64_t, SpattenSummary::Layer> layers;
  for (const SpattenRow& row : workload.rows) {
    iterations.insert(row.iteration);
    const std::int64_t rows = ++heads[{row.iteration, row.layer}];
    count(summary.all, row, rows);
    auto& layer = layers[row.layer];
    layer.layer = row.layer;
    count(layer, row, rows);
    count_bits(summary.bits, row);
  }
  summary.iterations = static_cast<std::int64_t>(iterations.size());
  for (auto& [number, layer] : layers) summary.layers.push_back(layer);
  return summary;
}

}  // namespace hdp
