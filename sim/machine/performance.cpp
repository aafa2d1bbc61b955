// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <hdp/machine/performance.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {
namespace {

constexpr double kOperations = 2;  // of a multiply-add

/// Products of queries with keys, and of probabilities with values.
struct AttentionMacs {
  std::int64_t score = 0, value = 0;
};

AttentionMacs macs_of(const Trace& trace) {
  std::int64_t macs = 0;
  for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
    const LayerShape& shape = trace.shape(layer);
    for (const Problem& problem : problems(trace, layer))
      macs += problem.entries() * shape.d * shape.heads;
  }
  return {macs, macs};
}

AttentionMacs macs_of(const SpattenWorkload& rows) {
  AttentionMacs macs;
  for (const SpattenRow& row : unpruned(rows.rows)) {
    const std::int64_t queries = rows.format == SpattenFormat::Prefill ? row.sentence_length : 1;
    macs.score += queries * row.key_fetch * row.head_size;
    macs.value += queries * row.value_fetch * row.head_size;
  }
  return macs;
}

/// Of the products with weights, all tokens and heads alive.
std::int64_t layer_macs(const LayerWidths& widths, std::int64_t tokens, std::int64_t heads,
                        std::int64_t kv_heads, std::int64_t d) {
  const std::int64_t projections = 2 * (heads + kv_heads) * d, ffn = widths.gated ? 3 : 2;
  return tokens * widths.hidden * (projections + ffn * widths.ffn);
}

AttentionMacs attention_macs(const Workload& workload) {
  if (const Encoder* encoder = workload.encoder()) {
    const EncoderShape& shape = encoder->shape();
    const std::int64_t n = shape.tokens, entries = shape.causal ? n * (n + 1) / 2 : n * n;
    const std::int64_t macs = entries * shape.d * shape.heads * shape.layers;
    return {macs, macs};
  }
  if (workload.rows() != nullptr) return macs_of(*workload.rows());
  AttentionMacs macs;
  for (const Trace& trace : workload.sequences()) {
    const AttentionMacs of_trace = macs_of(trace);
    macs.score += of_trace.score;
    macs.value += of_trace.value;
  }
  return macs;
}

}  // namespace

std::int64_t total_macs(const Facts& macs) {
  std::int64_t sum = 0;
  for (const NamedFact& phase : macs)
    if (const auto* const count = phase.value.as<std::int64_t>()) sum += *count;
  return sum;
}

std::int64_t dense_value_macs(const Workload& workload) { return attention_macs(workload).value; }

std::int64_t dense_macs(const Workload& workload) {
  const AttentionMacs attention = attention_macs(workload);
  std::int64_t macs = attention.score + attention.value;
  const auto& widths = workload.layer_widths();
  if (!widths) return macs;
  if (const Encoder* encoder = workload.encoder()) {
    const EncoderShape& shape = encoder->shape();
    return macs +
           shape.layers * layer_macs(*widths, shape.tokens, shape.heads, shape.kv_heads, shape.d);
  }
  for (const Trace& trace : workload.sequences())
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      const LayerShape& shape = trace.shape(layer);
      macs += layer_macs(*widths, shape.n_q, shape.heads, shape.kv_heads, shape.d);
    }
  return macs;
}

Performance performance_of(const RunResult& run) {
  const double time_ns = run.time_ns();
  const auto multipliers = static_cast<double>(run.machine.resources.multipliers);
  const double operations = kOperations * static_cast<double>(total_macs(run.macs));
  const auto bytes = static_cast<double>(run.memory.bus_bytes());
  const double peak_bytes = run.machine.resources.peak_bytes_per_s * time_ns * 1e-9;
  Performance figures;
  figures.gop_per_s = operations / time_ns;
  figures.dense_gop_per_s = kOperations * static_cast<double>(run.dense_macs) / time_ns;
  if (const auto energy = run.total_pj()) {
    figures.power_w = *energy / time_ns * 1e-3;
    figures.energy_delay_js = *energy * time_ns * 1e-21;
  }
  const double busy = run.multiplier_cycles.value_or(static_cast<double>(total_macs(run.macs)));
  figures.mac_utilisation = busy / (multipliers * static_cast<double>(run.cycles));
  // A DRAM of ours drains what is buffered behind the end of the run: over that time, too.
  figures.bandwidth_share =
      run.memory.dram ? run.memory.dram->result.bandwidth_fraction(run.memory.dram->config)
                      : bytes / peak_bytes;
  if (bytes > 0) figures.ops_per_byte = operations / bytes;
  // Both roofs bound the same run: what is nearer to its own is the lower one.
  figures.roof_share = std::max(figures.mac_utilisation, figures.bandwidth_share);
  figures.roof = figures.mac_utilisation < figures.bandwidth_share ? "bandwidth" : "compute";
  return figures;
}

}  // namespace hdp
