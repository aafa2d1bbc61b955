// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/layout.hpp"

#include <algorithm>

#include <hdp/base/quantity.hpp>

namespace hdp::sta {
namespace {

constexpr std::int64_t kAlignment = 64;

}  // namespace

Layout::Layout(const StaConfig& config, std::span<const Trace> sequences)
    : bits_(config.layer.activation_bits),
      columns_(config.array.columns),
      layers_(sequences.front().layers()) {
  std::uint64_t next = 0;
  for (const Trace& trace : sequences)
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      const LayerShape& shape = trace.shape(layer);
      const auto allocate = [&](std::int64_t rows) {
        const std::uint64_t address = next;
        next +=
            static_cast<std::uint64_t>(ceil_div(bytes(rows * shape.d), kAlignment) * kAlignment);
        return address;
      };
      Place place{.shape = shape};
      place.q = allocate(shape.heads * shape.n_q);
      place.k = allocate(shape.kv_heads * shape.n_k);
      place.v = allocate(shape.kv_heads * shape.n_k);
      place.out = allocate(shape.heads * shape.n_q);
      places_.push_back(place);
    }
}

std::int64_t Layout::bytes(std::int64_t elements) const { return ceil_div(elements * bits_, 8); }

std::uint64_t Layout::at(std::uint64_t base, std::int64_t element) const {
  return base + static_cast<std::uint64_t>(element * bits_ / 8);
}

std::uint64_t Layout::query(const Group& group, const Row& row) const {
  const Place& where = place(group);
  return at(where.q, (row.head * where.shape.n_q + row.query) * where.shape.d);
}

std::uint64_t Layout::output(const Group& group, const Row& row) const {
  const Place& where = place(group);
  return at(where.out, (row.head * where.shape.n_q + row.query) * where.shape.d);
}

std::uint64_t Layout::key(const Group& group, std::int64_t key) const {
  const Place& where = place(group);
  return at(where.k, (group.stored_head * where.shape.n_k + key) * where.shape.d);
}

std::uint64_t Layout::value(const Group& group, std::int64_t panel, std::int64_t key) const {
  const Place& where = place(group);
  const std::int64_t first = panel * columns_;
  const std::int64_t width = std::min(columns_, where.shape.d - first);
  return at(where.v, group.stored_head * where.shape.n_k * where.shape.d + first * where.shape.n_k +
                         key * width);
}

}  // namespace hdp::sta
