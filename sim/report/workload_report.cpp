// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <fmt/format.h>

#include <hdp/base/one_line.hpp>
#include <hdp/base/version.hpp>
#include <hdp/config/facts_text.hpp>
#include <hdp/report/workload_report.hpp>
#include <hdp/workload/spatten_summary.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp {
namespace {

std::optional<SpattenTraffic> traffic_of(const SpattenWorkload& workload) {
  if (workload.format == SpattenFormat::Prefill) return std::nullopt;
  return rtl_traffic(workload.rows);
}

Facts facts_of(const RowCount& count) {
  return {{"sum", count.sum}, {"least", count.least}, {"most", count.most}};
}

Facts facts_of(const RowSummary& rows) {
  return {{"rows", rows.rows},
          {"heads", rows.heads},
          {"sentence_length", facts_of(rows.tokens)},
          {"keys", facts_of(rows.keys)},
          {"values", facts_of(rows.values)},
          {"requantised_rows", rows.requantised},
          {"top_k_rows", rows.top_k}};
}

Fact::List bits_of(const SpattenSummary& summary) {
  Fact::List list;
  for (const RowBits& bits : summary.bits)
    list.emplace_back(Facts{
        {"key", bits.key}, {"value", bits.value}, {"query", bits.query}, {"rows", bits.rows}});
  return list;
}

Fact::List layers_of(const SpattenSummary& summary) {
  Fact::List list;
  for (const auto& layer : summary.layers) {
    Facts entry{{"layer", layer.layer}};
    entry.update(facts_of(layer));
    list.emplace_back(std::move(entry));
  }
  return list;
}

Fact fact_of(const std::optional<SpattenTraffic>& traffic) {
  if (!traffic) return nullptr;
  return Facts{{"key", traffic->key_bytes},
               {"value", traffic->value_bytes},
               {"key_lsb", traffic->lsb_bytes},
               {"total", traffic->total()}};
}

std::string bits_text(std::int64_t bits) { return bits < 0 ? "-" : fmt::format("{}", bits); }

/// "993..1024", or the one number.
std::string range_text(const RowCount& count) {
  return count.least == count.most ? fmt::format("{}", count.most)
                                   : fmt::format("{}..{}", count.least, count.most);
}

/// The sum, and how many times fewer it is than without pruning. The rows of a prefill do not say
/// how many there were.
std::string fetched_text(const SpattenWorkload& workload, const RowSummary& rows,
                         const RowCount& fetched) {
  if (workload.format == SpattenFormat::Prefill) return fmt::format("{}", fetched.sum);
  return fmt::format("{} ({:.2f}x fewer)", fetched.sum,
                     static_cast<double>(rows.tokens.sum) / static_cast<double>(fetched.sum));
}

std::string traffic_text(const std::optional<SpattenTraffic>& traffic) {
  if (!traffic) return "bytes by the RTL's mapping: it could not run these rows\n";
  return fmt::format("bytes by the RTL's mapping: {} keys + {} values + {} key LSBs = {}\n",
                     traffic->key_bytes, traffic->value_bytes, traffic->lsb_bytes,
                     traffic->total());
}

std::string layers_text(const SpattenSummary& summary) {
  std::string text =
      fmt::format("\n{:>5} {:>7} {:>6} {:>12} {:>12} {:>12} {:>12} {:>7}\n", "layer", "rows",
                  "heads", "tokens", "keys", "values", "requantised", "top-k");
  for (const auto& layer : summary.layers)
    text += fmt::format("{:>5} {:>7} {:>6} {:>12} {:>12} {:>12} {:>12} {:>7}\n", layer.layer,
                        layer.rows, layer.heads, range_text(layer.tokens), range_text(layer.keys),
                        range_text(layer.values), layer.requantised, layer.top_k);
  return text;
}

}  // namespace

std::string workload_json(const SpattenWorkload& workload) {
  const SpattenSummary summary = summarise(workload);
  Facts facts{{"format", "workload-1"},
              {"hdpsim", kVersion},
              {"name", workload.name},
              {"sha256", workload.sha256},
              {"rows_of", name_of(workload.format)},
              {"trailer", workload.trailer},
              {"iterations", summary.iterations},
              {"layers", summary.layers.size()}};
  facts.update(facts_of(summary.all));
  facts.set("bits", bits_of(summary));
  facts.set("rtl_bytes", fact_of(traffic_of(workload)));
  facts.set("per_layer", layers_of(summary));
  return facts_text(facts);
}

std::string workload_text(const SpattenWorkload& workload) {
  const SpattenSummary summary = summarise(workload);
  const RowSummary& all = summary.all;
  std::string text =
      fmt::format("{}: {}, {} rows: {} iterations x {} layers x {} heads at most\nsha256 {}\n",
                  workload.name, name_of(workload.format), all.rows, summary.iterations,
                  summary.layers.size(), all.heads, workload.sha256);
  if (!workload.trailer.empty()) text += fmt::format("trailer {}\n", one_line(workload.trailer));
  text +=
      fmt::format("tokens {}, keys {}, values {}\n", all.tokens.sum,
                  fetched_text(workload, all, all.keys), fetched_text(workload, all, all.values));
  for (const RowBits& bits : summary.bits)
    text += fmt::format("bits: key {}, value {}, query {}: {} rows\n", bits_text(bits.key),
                        bits_text(bits.value), bits_text(bits.query), bits.rows);
  text += fmt::format("{} rows re-quantise, {} rank the tokens\n", all.requantised, all.top_k);
  if (workload.format == SpattenFormat::Generation) text += traffic_text(traffic_of(workload));
  return text + layers_text(summary);
}

}  // namespace hdp
