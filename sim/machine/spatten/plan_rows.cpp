// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "machine/spatten/ranking.hpp"
#include <hdp/base/error.hpp>
#include <hdp/machine/spatten/run.hpp>

namespace hdp {
namespace {

constexpr std::int64_t kFullBits = 12;
constexpr std::int64_t kLsbBits = 4;  // where the row names none

void check(const SpattenRow& row, const std::string& where, const SpattenConfig& config) {
  if (row.key_fetch < 1 || row.value_fetch < 1) refuse(where, "fetches nothing", "at least 1");
  if (row.value_fetch > row.key_fetch)
    refuse(where, fmt::format("{} values of {} keys", row.value_fetch, row.key_fetch),
           "at most the keys");
  for (const std::int64_t bits : {row.key_bits, row.value_bits})
    if (bits != -1 && (bits < 2 || bits > config.word_bits))
      refuse(where, fmt::format("{} bits", bits),
             fmt::format("-1, or 2 to the {} of the buffers", config.word_bits));
  if (row.requantise_bits >= kFullBits)
    refuse(where, fmt::format("{} LSBs", row.requantise_bits), fmt::format("below {}", kFullBits));
}

/// `count` of the tokens 0 .. tokens-1, evenly spread.
std::vector<std::int32_t> spread(std::int64_t count, std::int64_t tokens) {
  std::vector<std::int32_t> chosen(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i)
    chosen[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i * tokens / count);
  return chosen;
}

/// Lists of keys that rows with the same counts share.
class Keys {
 public:
  std::shared_ptr<const std::vector<std::int32_t>> of(std::int64_t count, std::int64_t tokens) {
    auto& keys = lists_[{count, tokens}];
    if (!keys) keys = std::make_shared<const std::vector<std::int32_t>>(spread(count, tokens));
    return keys;
  }

 private:
  std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const std::vector<std::int32_t>>>
      lists_;
};

std::int64_t bits_or_full(std::int64_t bits) { return bits == -1 ? kFullBits : bits; }

/// Queries of the row: one when generating; in a prefill file as many as tokens, of which none sees
/// more keys than another, as in the authors' model.
std::int64_t queries_of(const SpattenRow& row, SpattenFormat format) {
  return format == SpattenFormat::Prefill ? row.sentence_length : 1;
}

SpattenPass pass_of(const SpattenRow& row, SpattenFormat format, Keys& lists,
                    spatten::Ranking& ranking) {
  SpattenPass pass;
  pass.step = row.iteration;
  pass.layer = row.layer;
  pass.heads = {row.head};
  pass.stored_head = row.head;
  pass.d = row.head_size;
  pass.query_bits = kFullBits;
  pass.key_bits = bits_or_full(row.key_bits);
  pass.value_bits = bits_or_full(row.value_bits);
  pass.lsb_bits = row.requantise_bits < 1 ? kLsbBits : row.requantise_bits;
  if (row.requantise)  // 12 bits with a second pass are 8 + 4, as in the RTL's bench
    pass.key_bits = std::min(pass.key_bits, kFullBits - pass.lsb_bits);
  const std::int64_t tokens = std::max(row.sentence_length, row.key_fetch);
  pass.keys = lists.of(row.key_fetch, tokens);
  for (const std::int32_t j : *lists.of(row.value_fetch, row.key_fetch))
    pass.values.push_back((*pass.keys)[static_cast<std::size_t>(j)]);
  SpattenQueryWork query{.keys = row.key_fetch,
                         .values = row.value_fetch,
                         .top_k_cycles = 0,
                         .second_pass = row.requantise};
  if (row.value_fetch < row.key_fetch)
    query.top_k_cycles = ranking.draw(row.key_fetch, row.value_fetch);
  const std::int64_t queries = queries_of(row, format);
  pass.queries.assign(static_cast<std::size_t>(queries), query);
  for (std::size_t q = 0;
       row.requantise && format == SpattenFormat::Prefill && q < pass.queries.size(); ++q)
    pass.queries[q].second_pass = static_cast<std::int64_t>(q) < row.requantise_rows;
  if (row.top_k && row.top_k_kept > 0 && row.top_k_kept < tokens)
    pass.token_ranking_cycles = ranking.draw(tokens, row.top_k_kept);
  return pass;
}

}  // namespace

std::vector<SpattenPass> passes_of(const SpattenConfig& config, SpattenFormat format,
                                   std::span<const SpattenRow> rows, const std::string& origin) {
  Keys lists;
  spatten::Ranking ranking(config, "rows");
  std::vector<SpattenPass> passes;
  passes.reserve(rows.size());
  std::int64_t heads = 0;  // of the last layer
  for (std::size_t i = 0; i < rows.size(); ++i) {
    check(rows[i], row_path(origin, i), config);
    passes.push_back(pass_of(rows[i], format, lists, ranking));
    ++heads;
    const bool ends = i + 1 == rows.size() || rows[i + 1].layer != rows[i].layer ||
                      rows[i + 1].iteration != rows[i].iteration;
    if (!ends) continue;
    passes.back().ends_layer = true;
    // Fewer heads in the next layer: they were ranked behind this one.
    std::int64_t next = 0;
    for (std::size_t j = i + 1; j < rows.size() && rows[j].layer == rows[i + 1].layer &&
                                rows[j].iteration == rows[i].iteration;
         ++j)
      ++next;
    if (next > 0 && next < heads) passes.back().head_ranking_cycles = ranking.draw(heads, next);
    heads = 0;
  }
  return passes;
}

}  // namespace hdp
