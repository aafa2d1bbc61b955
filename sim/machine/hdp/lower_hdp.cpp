// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/lower.hpp"
#include "machine/hdp/plane_loads.hpp"
#include "machine/hdp/sequencer.hpp"

namespace hdp {
namespace {

/// Kept, allowed entries of query i.
std::int64_t kept_entries(const HdpPlan& plan, std::int64_t i, std::span<const std::int32_t> row) {
  const std::int64_t visible = plan.problem.visible(i);
  const std::int64_t b = plan.block_size;
  std::int64_t entries = 0;
  for (const std::int64_t block : row)
    entries += std::clamp<std::int64_t>(visible - block * b, 0, b);
  return entries;
}

std::int64_t blocks_in_row(const HdpPlan& plan, std::int64_t row_block) {
  const std::int64_t last = std::min(plan.problem.queries, (row_block + 1) * plan.block_size) - 1;
  return ceil_div(plan.problem.visible(last), plan.block_size);
}

}  // namespace

void HdpLowering::lower(const Layout& layout, std::int64_t layer, std::int64_t head,
                        const HdpPlan& plan, HeadWork& work) {
  const PeArrayConfig& array = config_.core.pe_array;
  const Problem& problem = plan.problem;
  const LayerShape& shape = layout.shape;
  const std::int64_t d = shape.d;
  const std::int64_t kv_head = head / (shape.heads / shape.kv_heads);
  work.clear();
  work.layer = layer;
  work.head = head;
  work.prunes = true;
  work.kept = plan.head_kept;
  work.write_zeros = config_.core.write_zeros;
  work.totals.blocks = plan.blocks_existing;
  work.totals.macs[static_cast<std::size_t>(Phase::Integer)] = problem.entries() * d;
  if (plan.head_kept) {
    const bool zero = config_.prune.masked == Masked::Zero;
    const std::int64_t products = config_.prune.approximation ? 2 : 3;
    const std::int64_t kept = plan.kept_entries * d;
    if (layout.fraction_row_bytes != 0)
      work.totals.macs[static_cast<std::size_t>(Phase::Fraction)] = products * kept;
    work.totals.macs[static_cast<std::size_t>(Phase::Value)] = zero ? problem.entries() * d : kept;
    if (!layout.keep_scores) work.totals.recompute_macs = kept;
  }
  const std::int64_t strips = strip_count(problem, array.rows);
  loads_.begin_head(layout, head, plan);
  for (std::int64_t s = 0; s < strips; ++s) {
    const Strip strip = strip_at(problem, s, array.rows, array.columns);
    StripWork& strip_work = work.strips.emplace_back();
    const std::int64_t first_row = head * shape.n_q + problem.first_query + strip.top;
    strip_work.output = {layout.out + static_cast<std::uint64_t>(first_row * layout.word_row_bytes),
                         static_cast<std::uint32_t>(strip.height * layout.word_row_bytes)};
    integer_pass(layout, plan, strip, strip_work, work.totals.traffic);
    if (plan.head_kept) kept_pass(layout, plan, strip, strip_work, work);
  }
  work.strips.back().engine_select +=
      static_cast<std::int32_t>(config_.core.sparsity_engine.head_test_cycles);
  work.strips[static_cast<std::size_t>(deciding_strip(plan, strips))].decides = true;
  const auto row_at = [&](std::uint64_t tensor, std::int64_t row) {
    return tensor + static_cast<std::uint64_t>(row * layout.integer_row_bytes);
  };
  add_plane_loads(
      {.q_start = row_at(layout.q_int, head * shape.n_q),
       .k_start = row_at(layout.k_int, kv_head * shape.n_k),
       .row_bytes = layout.integer_row_bytes,
       .resident = layout.k_int_resident,
       .tiles_held = config_.core.k_sram.bytes / (2 * array.columns * layout.integer_row_bytes)},
      problem, array.rows, array.columns, work);
}

std::int64_t HdpLowering::deciding_strip(const HdpPlan& plan, std::int64_t strips) const {
  if (!config_.core.early_keep || !plan.head_kept) return strips - 1;
  const std::int64_t limit = plan.head_limit.value_or(-1);
  const std::int64_t per_strip = config_.core.pe_array.rows / plan.block_size;
  std::int64_t partial = 0;
  for (std::size_t i = 0; i < plan.theta_rows.size(); ++i) {
    partial += plan.theta_rows[i];
    const auto row = static_cast<std::int64_t>(i);
    const bool closes_strip = (row + 1) % per_strip == 0;
    if (closes_strip && partial > limit) return row / per_strip;
  }
  return strips - 1;
}

void HdpLowering::integer_pass(const Layout& layout, const HdpPlan& plan, const Strip& strip,
                               StripWork& strip_work, BufferTraffic& traffic) const {
  const CoreConfig& core = config_.core;
  const std::int64_t d = layout.shape.d, b = plan.block_size;
  const std::int64_t row_blocks = ceil_div(strip.height, b);
  strip_work.tiles = strip.tiles;
  strip_work.tile_cycles = integer_tile_cycles(core.pe_array.precision, d, layout.qk_widths).count;
  const std::int64_t blocks_of_tile = row_blocks * (core.pe_array.columns / b);
  strip_work.engine_add =
      static_cast<std::int32_t>(engine_add_cycles(core.sparsity_engine, blocks_of_tile).count);
  std::int64_t select = 0, blocks = 0;
  for (std::int64_t i = strip.top / b; i < strip.top / b + row_blocks; ++i) {
    blocks += blocks_in_row(plan, i);
    select += engine_select_cycles(core.sparsity_engine, blocks_in_row(plan, i)).count;
  }
  strip_work.engine_select = static_cast<std::int32_t>(select);

  const std::int64_t integer_bits = layout.qk_widths.integer_bits;
  const std::int64_t entries = strip.tiles * strip.height * core.pe_array.columns;
  add_traffic(strip.tiles * strip.height * d * integer_bits, Buffer::Q, traffic.read);
  add_traffic(strip.tiles * core.pe_array.columns * d * integer_bits, Buffer::K, traffic.read);
  if (layout.keep_scores) add_traffic(entries * layout.score_bits, Buffer::Score, traffic.written);
  add_traffic(blocks, Buffer::Mask, traffic.written);
}

void HdpLowering::kept_pass(const Layout& layout, const HdpPlan& plan, const Strip& strip,
                            StripWork& strip_work, HeadWork& work) {
  const CoreConfig& core = config_.core;
  const std::int64_t d = layout.shape.d, w = layout.word_bits, b = plan.block_size;
  kept_.collect(plan, strip);
  const KeptCycles cycles = cycles_.count(layout, kept_, plan.mask.columns());
  const bool zero = config_.prune.masked == Masked::Zero;
  strip_work.fraction_cycles = cycles.fraction;
  strip_work.fraction_operand_cycles = cycles.fraction_operands;
  strip_work.value_cycles =
      zero ? strip.visible * value_key_cycles(core.pe_array, d).count : cycles.value;
  strip_work.value_operand_cycles = zero ? 0 : cycles.value_operands;

  std::int64_t kept = 0, weighed = 0;
  for (std::int64_t i = strip.top; i < strip.top + strip.height; ++i) {
    const std::int64_t row_kept = kept_entries(plan, i, kept_.row(i / b - kept_.first_row_block()));
    const std::int64_t row_weighed = zero ? plan.problem.visible(i) : row_kept;
    kept += row_kept;
    weighed += row_weighed;
    work.totals.softmax_rows += static_cast<std::int64_t>(row_weighed != 0);
    strip_work.softmax_cycles += softmax_row_cycles(core.softmax, row_weighed).count;
  }
  work.totals.softmax_entries += weighed;
  loads_.add(strip, kept_, std::max<std::int64_t>(0, strip.index + 1 - Sequencer::kStripsInFlight),
             strip_work, work);

  BufferTraffic& traffic = work.totals.traffic;
  const std::int64_t groups = std::max<std::int64_t>(1, core.pe_array.columns / b);
  add_traffic(ceil_div(kept_.most(), groups) * strip.height * d * w, Buffer::Q, traffic.read);
  add_traffic(cycles.k_blocks_read * b * d * w, Buffer::K, traffic.read);
  const std::int64_t v_rows = zero ? strip.visible : cycles.v_blocks_read * b;
  add_traffic(v_rows * d * w, Buffer::V, traffic.read);
  add_traffic(ceil_div(strip.height, b) * plan.mask.columns(), Buffer::Mask, traffic.read);
  if (layout.keep_scores) add_traffic(kept * layout.score_bits, Buffer::Score, traffic.read);
  add_traffic(weighed * (layout.score_bits + w), Buffer::Score, traffic.read);
  add_traffic(weighed * (layout.score_bits + w), Buffer::Score, traffic.written);
}

}  // namespace hdp
