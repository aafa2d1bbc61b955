// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/run_result.hpp"

#include <utility>

#include <fmt/format.h>

#include "machine/code_cases.hpp"
#include "machine/limiter.hpp"
#include "machine/memory_use.hpp"
#include "machine/phase_spans.hpp"
#include "machine/sta/price.hpp"
#include <hdp/machine/provenance.hpp>

namespace hdp {
namespace {

constexpr const char* kSources =
    "one engine for sparse and dense products and a softmax that keeps scores on chip follow STA's "
    "abstract; sizes, dataflow, widths, clock and memory are ours;";

MemoryUse memory_of(const StaResult& run) {
  MemoryUse use = memory_use(run.memory, run.dram, run.foreign_memory);
  using enum Tensor;
  use.read_bytes = tensor_counters(run.read_bytes, {Q, K, V});
  use.written_bytes = tensor_counters(run.written_bytes, {Out});
  return use;
}

/// What crosses the pins and is neither operand nor output of attention.
std::int64_t softmax_bytes(const StaResult& run) {
  std::int64_t bytes = run.memory.read_bytes + run.memory.written_bytes;
  for (const Tensor tensor : {Tensor::Q, Tensor::K, Tensor::V, Tensor::Out})
    bytes -= run.read_bytes[static_cast<std::size_t>(tensor)] +
             run.written_bytes[static_cast<std::size_t>(tensor)];
  return bytes;
}

Facts section_of(const StaResult& run) {
  const StaTotals& totals = run.totals;
  Facts facts{{"strips", totals.strips},
              {"softmax_off_chip_bytes", softmax_bytes(run)},
              {"softmax_entries", totals.softmax_entries},
              {"products", totals.engine.products}};
  if (run.fidelity.heads != 0) facts.set("saturated", saturated_facts(run.counts));
  return facts;
}

}  // namespace

Resources resources_of(const StaConfig& config) {
  return {.multipliers = matrix_array(config).multipliers(),
          .sram_bytes = sta::sram_bytes(config),
          .peak_bytes_per_s = peak_bytes_per_s(config.memory)};
}

RunResult run_result(const StaResult& run) {
  RunResult result;
  Facts provenance = provenance_of(run.config);
  provenance.set("cycle_model", "ours");
  result.machine.provenance = std::move(provenance);
  result.machine.sources = fmt::format("{} {}", kSources, sources_of(run.config.energy));
  result.cycles = run.cycles;
  result.units = run.units;
  result.critical_path = run.critical_path;
  result.memory = memory_of(run);
  result.macs = {{"score", run.totals.score_macs}, {"value", run.totals.value_macs}};
  result.energy_pj = run.energy.energy_pj;
  result.area = {run.energy.area_um2, "control, request queues, clock tree, DRAM"};
  result.layers = run.layers;
  result.fidelity = run.fidelity;
  result.limiter = limiter_of(result);
  add_dram_remarks(run.dram, result.remarks);
  const LayerConfig& layer = run.config.layer;
  result.lines = {
      {"weights", layer.pattern().sparse()
                      ? fmt::format("{}:{} of {} bits; attention has none", layer.kept, layer.of,
                                    layer.weight_bits)
                      : fmt::format("dense, {} bits; attention has none", layer.weight_bits)}};
  for (const StaRecord& record : run.records)
    add_phases(record.phases,
               {.name = {},
                .sequence = record.sequence,
                .layer = record.layer,
                .problem = record.problem,
                .head = record.first_head},
               result.phases);
  result.sections = {{"sta", section_of(run)}};
  return result;
}

}  // namespace hdp
