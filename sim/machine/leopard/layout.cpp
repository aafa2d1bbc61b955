// SPDX-License-Identifier: Apache-2.0
#include "machine/leopard/layout.hpp"

namespace hdp::leopard {
namespace {

constexpr std::uint64_t kPage = 4096;

std::uint64_t at(std::uint64_t start, std::int64_t rows, std::int64_t bytes) {
  return start + static_cast<std::uint64_t>(rows * bytes);
}

}  // namespace

Layout::Layout(const LeopardConfig& config, std::span<const Trace> sequences) {
  std::uint64_t next = 0;
  const auto tensor = [&](std::int64_t rows, std::int64_t bytes) {
    const std::uint64_t start = next;
    next += (static_cast<std::uint64_t>(rows * bytes) + kPage - 1) / kPage * kPage;
    return start;
  };
  for (const Trace& trace : sequences) {
    auto& layers = places_.emplace_back();
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      const LayerShape& shape = trace.shape(layer);
      const RowBytes bytes = row_bytes(config, shape.d);
      const std::int64_t rows = shape.heads * shape.n_q, stored = shape.kv_heads * shape.n_k;
      Place& place = layers.emplace_back(
          Place{.bytes = bytes, .d = shape.d, .n_q = shape.n_q, .n_k = shape.n_k});
      place.q = tensor(rows, bytes.q);
      place.k = tensor(stored, bytes.k);
      place.v = tensor(stored, bytes.v);
      place.out = tensor(rows, bytes.out);
      place.sums = tensor(rows, bytes.sums);
    }
  }
}

Transfer Layout::keys(const Group& group, const KeyRange& keys) const {
  const Place& here = place(group);
  return {at(here.k, group.stored_head * here.n_k + keys.first, here.bytes.k),
          keys.keys * here.bytes.k, Tensor::K};
}
Transfer Layout::values(const Group& group, const KeyRange& keys) const {
  const Place& here = place(group);
  return {at(here.v, group.stored_head * here.n_k + keys.first, here.bytes.v),
          keys.keys * here.bytes.v, Tensor::V};
}
Transfer Layout::query(const Group& group, std::int64_t row) const {
  const Place& here = place(group);
  return {at(here.q, group.head(row) * here.n_q + group.query(row), here.bytes.q), here.bytes.q,
          Tensor::Q};
}
Transfer Layout::output(const Group& group, std::int64_t row) const {
  const Place& here = place(group);
  return {at(here.out, group.head(row) * here.n_q + group.query(row), here.bytes.out),
          here.bytes.out, Tensor::Out, true};
}
Transfer Layout::sums(const Group& group, std::int64_t row, bool write) const {
  const Place& here = place(group);
  return {at(here.sums, group.head(row) * here.n_q + group.query(row), here.bytes.sums),
          here.bytes.sums, Tensor::Partial, write};
}

}  // namespace hdp::leopard
