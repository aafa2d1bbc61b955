// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/machine/head_map.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {
namespace {

/// The first `visible` keys of a query, by cell.
void allow(std::int64_t query, std::int64_t visible, HeadMap& map) {
  const auto row = map.allowed.row(query / map.cell_queries);
  for (std::int64_t key = 0; key < visible; key += map.cell_keys)
    row[static_cast<std::size_t>(key / map.cell_keys)] += std::min(map.cell_keys, visible - key);
}

void check(const HeadName& name, const Trace& trace) {
  const auto refuse = [&](std::string_view what, std::int64_t number, std::int64_t count) {
    throw UserError({.path = fmt::format("map {}:{}", name.layer, name.head),
                     .problem = fmt::format("{} has no {} {}", trace.name(), what, number),
                     .allowed = fmt::format("{}s 0 to {}", what, count - 1)});
  };
  if (name.layer < 0 || name.layer >= trace.layers()) refuse("layer", name.layer, trace.layers());
  const std::int64_t heads = trace.shape(name.layer).heads;
  if (name.head < 0 || name.head >= heads) refuse("head", name.head, heads);
}

}  // namespace

HeadMap::HeadMap(std::int64_t of_sequence, HeadName of_head, const Trace& trace)
    : sequence(of_sequence),
      name(of_head),
      queries(trace.shape(name.layer).n_q),
      keys(trace.shape(name.layer).n_k),
      cell_queries(ceil_div(queries, kMostCells)),
      cell_keys(ceil_div(keys, kMostCells)),
      kept(ceil_div(queries, cell_queries), ceil_div(keys, cell_keys)),
      allowed(kept.rows(), kept.columns()) {
  for (const Problem& problem : problems(trace, name.layer))
    for (std::int64_t i = 0; i < problem.queries; ++i)
      allow(problem.first_query + i, problem.visible(i), *this);
}

void HeadMap::keep(const BitMatrix& pairs) {
  for (std::int64_t query = 0; query < queries; ++query)
    for (std::int64_t key = 0; key < keys; ++key)
      if (pairs.get(query, key)) keep(query, key);
}

void HeadMaps::begin(std::span<const Trace> sequences) {
  for (const Trace& trace : sequences)
    for (const HeadName& name : wanted_) check(name, trace);
  maps_.clear();
  for (std::size_t s = 0; s < sequences.size(); ++s)
    for (const HeadName& name : wanted_)
      if (const auto number = static_cast<std::int64_t>(s);
          find(number, name.layer, name.head) == nullptr)
        maps_.emplace_back(number, name, sequences[s]);
}

HeadMap* HeadMaps::find(std::int64_t sequence, std::int64_t layer, std::int64_t head) {
  const auto map = std::ranges::find_if(maps_, [&](const HeadMap& one) {
    return one.sequence == sequence && one.name == HeadName{layer, head};
  });
  return map == maps_.end() ? nullptr : &*map;
}

}  // namespace hdp
