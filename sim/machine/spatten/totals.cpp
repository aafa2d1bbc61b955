// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/totals.hpp"

#include <algorithm>

namespace hdp::spatten {
namespace {

bool any_second_pass(const SpattenPass& pass) {
  return std::ranges::any_of(pass.queries, &SpattenQueryWork::second_pass);
}

}  // namespace

SpattenTotals totals_of(const SpattenConfig& config, std::span<const SpattenPass> passes) {
  SpattenTotals totals;
  for (const SpattenPass& pass : passes) {
    const std::int64_t word = pass.d * config.word_bits;
    const auto lines = [&](std::int64_t vectors) {
      return ceil_div(vectors * pass.d, config.multipliers);
    };
    const std::int64_t key_lines = lines(std::ssize(*pass.keys));
    totals.heads += std::ssize(pass.heads);
    totals.k_line_writes += key_lines * (any_second_pass(pass) ? 2 : 1);
    totals.v_line_writes += lines(std::ssize(pass.values));
    totals.k_bits_written += std::ssize(*pass.keys) * word;
    if (any_second_pass(pass))
      totals.k_bits_written += std::ssize(*pass.keys) * pass.d * pass.lsb_bits;
    totals.v_bits_written += std::ssize(pass.values) * word;
    totals.ranking_cycles += pass.token_ranking_cycles + pass.head_ranking_cycles;
    for (const SpattenQueryWork& query : pass.queries) {
      const std::int64_t macs = query.keys * pass.d;
      const std::int64_t passes_of_query = query.second_pass ? 2 : 1;
      ++totals.queries;
      totals.k_line_reads += passes_of_query * lines(query.keys);
      totals.v_line_reads += lines(query.values);
      totals.score_words += passes_of_query * ceil_div(query.keys, config.softmax.lanes);
      totals.score_macs += macs;
      totals.value_macs += query.values * pass.d;
      totals.softmax_entries += query.keys;
      totals.k_bits_read += query.keys * word;
      totals.v_bits_read += query.values * word;
      totals.top_k_cycles += query.top_k_cycles;
      totals.top_k_queries += query.top_k_cycles > 0 ? 1 : 0;
      if (!query.second_pass) continue;
      ++totals.second_passes;
      totals.second_pass_macs += macs;
      totals.softmax_entries += query.keys;
      totals.k_bits_read += query.keys * word;
    }
  }
  return totals;
}

TensorBytes appended_bytes_of(std::span<const SpattenPass> passes) {
  TensorBytes bytes{};
  for (const SpattenPass& pass : passes) {
    if (!pass.appends) continue;
    const auto add = [&](Tensor tensor, std::int64_t bits) {
      bytes[static_cast<std::size_t>(tensor)] += ceil_div(pass.d * bits, 8);
    };
    add(Tensor::K, pass.key_bits);
    if (pass.two_parts) add(Tensor::KLsb, pass.lsb_bits);
    add(Tensor::V, pass.value_bits);
  }
  return bytes;
}

TensorBytes bytes_of(std::span<const SpattenPass> passes) {
  TensorBytes bytes{};
  const auto add = [&](Tensor tensor, std::int64_t vectors, std::int64_t bits) {
    bytes[static_cast<std::size_t>(tensor)] += vectors * ceil_div(bits, 8);
  };
  for (const SpattenPass& pass : passes) {
    add(Tensor::Q, std::ssize(pass.queries), pass.d * pass.query_bits);
    add(Tensor::K, std::ssize(*pass.keys), pass.d * pass.key_bits);
    add(Tensor::V, std::ssize(pass.values), pass.d * pass.value_bits);
    if (any_second_pass(pass)) add(Tensor::KLsb, std::ssize(*pass.keys), pass.d * pass.lsb_bits);
  }
  return bytes;
}

}  // namespace hdp::spatten
