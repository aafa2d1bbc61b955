// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/totals.hpp"

#include <algorithm>

#include "machine/prices.hpp"

namespace hdp::spatten {
namespace {

constexpr double kImportanceBits = 32;

bool any_second_pass(const SpattenPass& pass) {
  return std::ranges::any_of(pass.queries, &SpattenQueryWork::second_pass);
}

}  // namespace

SpattenTotals totals_of(const SpattenConfig& config, std::span<const SpattenPass> passes) {
  SpattenTotals totals;
  for (const SpattenPass& pass : passes) {
    const std::int64_t word = pass.d * config.word_bits;
    ++totals.passes;
    totals.k_bits_written += std::ssize(*pass.keys) * word;
    if (any_second_pass(pass))
      totals.k_bits_written += std::ssize(*pass.keys) * pass.d * pass.lsb_bits;
    totals.v_bits_written += std::ssize(pass.values) * word;
    totals.ranking_cycles += pass.token_ranking_cycles + pass.head_ranking_cycles;
    for (const SpattenQueryWork& query : pass.queries) {
      const std::int64_t macs = query.keys * pass.d;
      ++totals.queries;
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

EnergyReport price(const SpattenConfig& config, const SpattenTotals& totals,
                   const MemoryStats& memory, std::int64_t cycles,
                   const std::optional<DramUse>& dram) {
  const Prices prices(config.energy);
  const auto word = static_cast<double>(config.word_bits);
  const auto array = [&](const std::string& name, std::int64_t macs, double accumulator) {
    const auto count = static_cast<double>(macs);
    return price_array(name, count * prices.multiply(word, word), count * prices.add(accumulator));
  };
  const auto buffer = [&](const std::string& name, const SramTraffic& traffic, std::int64_t bytes) {
    return price_sram(prices, name, traffic, static_cast<double>(bytes));
  };
  // A cycle of the engine compares so many values, on either side of the pivot.
  const auto comparisons =
      static_cast<double>(2 * config.top_k_width() * (totals.top_k_cycles + totals.ranking_cycles));
  const auto area = [&](const std::string& name) {
    return area_of_array(prices, name, config.multipliers, config.word_bits, kScoreAccumulatorBits);
  };
  EnergyReport report;
  report.energy_pj = {
      array("qk", totals.score_macs + totals.second_pass_macs, kScoreAccumulatorBits),
      array("pv", totals.value_macs, kValueAccumulatorBits),
      price_softmax(prices, "softmax", totals.softmax_entries),
      {"top_k", {{"compare", comparisons * prices.add(kThresholdBits)}}},
      {"importance",
       {{"add", static_cast<double>(totals.softmax_entries) * prices.add(kImportanceBits)}}},
      buffer("k_buffer", {totals.k_bits_read, totals.k_bits_written}, config.k_buffer_bytes),
      buffer("v_buffer", {totals.v_bits_read, totals.v_bits_written}, config.v_buffer_bytes),
      price_memory(config.energy, memory, dram)};
  report.area_um2 = {area("qk"), area("pv"),
                     area_of_sram(prices, "k_buffer", static_cast<double>(config.k_buffer_bytes)),
                     area_of_sram(prices, "v_buffer", static_cast<double>(config.v_buffer_bytes))};
  add_leakage(config.energy, cycles, config.clock_mhz, report);
  return report;
}

}  // namespace hdp::spatten
