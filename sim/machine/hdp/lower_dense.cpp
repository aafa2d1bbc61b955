// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/load_list.hpp"
#include "machine/hdp/lower.hpp"
#include "machine/hdp/plane_loads.hpp"
#include "machine/hdp/sequencer.hpp"
#include "machine/hdp/strips.hpp"

namespace hdp {
namespace {

/// V rows by strip: once for the head where they stay, else all visible ones again.
void add_value_loads(const Layout& layout, std::uint64_t start, const Problem& problem,
                     const PeArrayConfig& array, HeadWork& work) {
  LoadList loads(work, work.kept_loads);
  std::int64_t resident = 0;
  for (auto& strip_work : work.strips) {
    const auto index = static_cast<std::int64_t>(&strip_work - work.strips.data());
    const Strip strip = strip_at(problem, index, array.rows, array.columns);
    loads.open(Tensor::V, Buffer::V, start, layout.word_row_bytes,
               std::max<std::int64_t>(0, index + 1 - Sequencer::kStripsInFlight));
    loads.rows(resident, strip.visible - resident);
    strip_work.value_loads = loads.count();
    if (layout.v_resident) resident = strip.visible;
  }
}

}  // namespace

void lower_dense(const HdpConfig& config, const Layout& layout, std::int64_t layer,
                 std::int64_t head, const Problem& problem, HeadWork& work) {
  const PeArrayConfig& array = config.core.pe_array;
  const LayerShape& shape = layout.shape;
  const std::int64_t kv_head = head / (shape.heads / shape.kv_heads);
  const std::int64_t d = shape.d, bits = layout.word_bits;
  const auto start = [&](std::uint64_t tensor, std::int64_t row) {
    return tensor + static_cast<std::uint64_t>(row * layout.word_row_bytes);
  };
  work.clear();
  work.layer = layer;
  work.head = head;
  work.prunes = false;
  work.kept = true;
  for (std::int64_t s = 0; s < strip_count(problem, array.rows); ++s) {
    const Strip strip = strip_at(problem, s, array.rows, array.columns);
    StripWork strip_work;
    strip_work.tiles = strip.tiles;
    strip_work.tile_cycles = score_tile_cycles(d).count;
    std::int64_t entries = 0;
    for (std::int64_t i = strip.top; i < strip.top + strip.height; ++i) {
      entries += problem.visible(i);
      strip_work.softmax_cycles +=
          softmax_row_cycles(config.core.softmax, problem.visible(i)).count;
    }
    strip_work.value_cycles = strip.visible * value_key_cycles(array, d).count;
    strip_work.output = {start(layout.out, head * shape.n_q + problem.first_query + strip.top),
                         static_cast<std::uint32_t>(strip.height * layout.word_row_bytes)};
    work.totals.softmax_entries += entries;
    work.totals.softmax_rows += strip.height;
    BufferTraffic& traffic = work.totals.traffic;
    add_traffic(strip.tiles * strip.height * d * bits, Buffer::Q, traffic.read);
    add_traffic(strip.tiles * array.columns * d * bits, Buffer::K, traffic.read);
    add_traffic(strip.visible * d * bits, Buffer::V, traffic.read);
    add_traffic(2 * entries * bits, Buffer::Score, traffic.read);  // scores, then probabilities
    add_traffic(2 * entries * bits, Buffer::Score, traffic.written);
    work.strips.push_back(strip_work);
  }
  work.totals.macs[static_cast<std::size_t>(Phase::Score)] = problem.entries() * d;
  work.totals.macs[static_cast<std::size_t>(Phase::Value)] = problem.entries() * d;
  add_plane_loads(
      {.q = Tensor::Q,
       .k = Tensor::K,
       .q_start = start(layout.q, head * shape.n_q),
       .k_start = start(layout.k, kv_head * shape.n_k),
       .row_bytes = layout.word_row_bytes,
       .resident = layout.k_resident,
       .tiles_held = config.core.k_sram.bytes / (2 * array.columns * layout.word_row_bytes)},
      problem, array.rows, array.columns, work);
  add_value_loads(layout, start(layout.v, kv_head * shape.n_k), problem, array, work);
}

}  // namespace hdp
