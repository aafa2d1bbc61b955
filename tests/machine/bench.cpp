// SPDX-License-Identifier: Apache-2.0
#include "machine/bench.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

constexpr std::int64_t kNoConflictBanks = 1024;
constexpr std::int64_t kWholeRowBits = 65'536;

template <class Counters>
std::int64_t named(const Counters& counters, std::string_view name) {
  const auto found = std::ranges::find(counters, name, &Counter::name);
  if (found == counters.end()) throw std::out_of_range(std::string(name));
  return found->value;
}

std::int64_t visible_blocks(const Problem& problem, std::int64_t b, std::int64_t row_block) {
  const std::int64_t last = std::min(problem.queries, (row_block + 1) * b) - 1;
  return ceil_div(problem.visible(last), b);
}

}  // namespace

HdpConfig unloaded(std::int64_t rows, std::int64_t columns, std::int64_t block_size,
                   Precision precision) {
  HdpConfig config;
  config.clock_mhz = 1;
  config.cores = 1;
  config.core.contexts = 1;
  config.core.pe_array.rows = rows;
  config.core.pe_array.columns = columns;
  config.core.pe_array.precision = precision;
  config.core.k_sram = {1 << 20, kNoConflictBanks, kWholeRowBits};
  config.core.v_sram = config.core.k_sram;
  config.core.q_sram = config.core.score_sram = config.core.mask_sram = config.core.k_sram;
  config.core.fetch.request_bytes = 65'536;
  config.memory.bandwidth_mb_per_s = 1'000'000'000;
  config.memory.latency_cycles = 0;
  config.prune.block_size = block_size;
  config.prune.tau = 1;  // heads are decided behind their last strip
  config.prune.fraction_bits = 12;
  return config;
}

LayerShape shape_of(const Problem& problem, std::int64_t d) {
  return {1, 1, problem.first_query + problem.queries, problem.keys, d};
}

Kept leftmost(const Problem& problem, std::int64_t block_size, std::int64_t count) {
  Kept kept(static_cast<std::size_t>(ceil_div(problem.queries, block_size)));
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto blocks = visible_blocks(problem, block_size, static_cast<std::int64_t>(i));
    for (std::int64_t j = 0; j < std::min(count, blocks); ++j) kept[i].push_back(j);
  }
  return kept;
}

Kept everything(const Problem& problem, std::int64_t block_size) {
  return leftmost(problem, block_size, problem.keys);
}

HdpPlan plan_of(const Problem& problem, std::int64_t b, const Kept& kept, bool head_kept) {
  HdpPlan plan;
  plan.problem = problem;
  plan.block_size = b;
  plan.head_kept = head_kept;
  plan.mask.resize(ceil_div(problem.queries, b), ceil_div(problem.keys, b));
  plan.theta_rows.assign(kept.size(), 100);
  plan.theta_head = 100 * static_cast<std::int64_t>(kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const std::int64_t blocks = visible_blocks(problem, b, row);
    plan.blocks_existing += blocks;
    plan.blocks_pruned += blocks - static_cast<std::int64_t>(kept[i].size());
    for (const std::int64_t j : kept[i])
      plan.mask.words(row)[static_cast<std::size_t>(j / 64)] |= std::uint64_t{1} << (j % 64);
  }
  for (std::int64_t i = 0; head_kept && i < problem.queries; ++i)
    for (std::int64_t j = 0; j < problem.visible(i); ++j)
      plan.kept_entries += static_cast<std::int64_t>(plan.mask.kept(i / b, j / b));
  return plan;
}

const UnitReport& Played::unit(std::string_view instance) const {
  const auto found = std::ranges::find(units, instance, &UnitReport::instance);
  if (found == units.end()) throw std::out_of_range(std::string(instance));
  return *found;
}

std::int64_t Played::counter(std::string_view instance, std::string_view name) const {
  return named(unit(instance).counters, name);
}

std::int64_t Played::blocked(std::string_view instance, std::string_view reason) const {
  return named(unit(instance).blocked, reason);
}

std::int64_t Played::array(std::string_view phase) const {
  return counter("core0.pe_array", std::string(phase) + "_cycles");
}

const PhaseRecord& Played::phase(RecordedPhase which, std::size_t head) const {
  return records.at(head).phases.at(static_cast<std::size_t>(which));
}

std::int64_t Played::read_of(Tensor tensor) const {
  return read.at(static_cast<std::size_t>(tensor));
}

WorkTotals Played::totals() const {
  WorkTotals all;
  for (const WorkTotals& core : cores) all.add(core);
  return all;
}

Played play_works(const HdpConfig& config, std::span<const SliceWork> works,
                  const BenchOptions& options) {
  AttentionMachine machine(config, options.idle_cycles);
  if (!options.order.empty()) machine.set_tick_order(options.order);
  Played played;
  const auto records = machine.play(works);
  played.records.assign(records.begin(), records.end());
  played.cycles = machine.cycles().count;
  played.units = machine.units();
  played.read = machine.read_bytes();
  played.written = machine.written_bytes();
  played.memory = machine.memory_stats();
  played.cores = machine.totals();
  return played;
}

FixedPoint format_of(const HdpConfig& config) {
  return {config.prune.word_bits, config.prune.fraction_bits.value()};
}

std::vector<SliceWork> works_of(const HdpConfig& config, const Layout& layout,
                                std::span<const HdpPlan> plans, const Problem& problem) {
  std::vector<std::int32_t> heads(static_cast<std::size_t>(layout.shape.heads));
  std::iota(heads.begin(), heads.end(), 0);
  Lowering lowering(config);
  std::vector<SliceWork> works;
  for (const Slice& slice : slices_of(layout, heads))
    lowering.lower(layout,
                   {.heads = std::span(heads).subspan(slice.first, slice.count),
                    .plans = plans.empty() ? plans : plans.subspan(slice.first, slice.count),
                    .problem = problem,
                    .appends = slice.appends},
                   works.emplace_back());
  return works;
}

Played play(const HdpConfig& config, const LayerShape& shape, std::span<const HdpPlan> plans,
            const BenchOptions& options) {
  const Layout layout = make_layout(config, shape, plans[0].problem, format_of(config));
  Played played = play_works(config, works_of(config, layout, plans, plans[0].problem), options);
  played.layout = layout;
  return played;
}

Played play(const HdpConfig& config, std::int64_t d, const HdpPlan& plan,
            const BenchOptions& options) {
  return play(config, shape_of(plan.problem, d), std::span(&plan, 1), options);
}

Played play_dense(const HdpConfig& config, const LayerShape& shape, const Problem& problem,
                  const BenchOptions& options) {
  const HdpConfig dense = without_pruning(config);
  const Layout layout = make_layout(dense, shape, problem, format_of(config));
  Played played = play_works(dense, works_of(dense, layout, {}, problem), options);
  played.layout = layout;
  return played;
}

std::vector<std::int64_t> accounts(const Played& played) {
  std::vector<std::int64_t> all{played.cycles};
  for (const UnitReport& unit : played.units) {
    all.insert(all.end(), {unit.total, unit.idle, unit.busy});
    for (const Counter& blocked : unit.blocked) all.push_back(blocked.value);
    for (const Counter& counter : unit.counters) all.push_back(counter.value);
  }
  for (const HeadRecord& record : played.records)
    for (const PhaseRecord& phase : record.phases)
      all.insert(all.end(), {phase.start.index, phase.end.index});
  return all;
}

}  // namespace hdp::test
