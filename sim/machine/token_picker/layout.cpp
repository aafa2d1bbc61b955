// SPDX-License-Identifier: Apache-2.0
#include "machine/token_picker/layout.hpp"

#include <algorithm>

#include <hdp/base/quantity.hpp>

namespace hdp::token_picker {
namespace {

constexpr std::uint64_t kPage = 4096;

std::int64_t row_bytes(std::int64_t d, std::int64_t bits) { return ceil_div(d * bits, 8); }

}  // namespace

Layout::Layout(const TokenPickerConfig& config, std::span<const Trace> sequences)
    : config_(config) {
  std::uint64_t next = 0;
  const auto tensor = [&](std::int64_t heads, std::int64_t rows, std::int64_t bytes) {
    const std::uint64_t start = next;
    next += (static_cast<std::uint64_t>(heads * rows * bytes) + kPage - 1) / kPage * kPage;
    return start;
  };
  for (const Trace& trace : sequences) {
    auto& layers = places_.emplace_back();
    for (std::int64_t layer = 0; layer < trace.layers(); ++layer) {
      const LayerShape& shape = trace.shape(layer);
      LayerPlace& at = layers.emplace_back(
          LayerPlace{.k = {}, .d = shape.d, .n_q = shape.n_q, .n_k = shape.n_k});
      at.q = tensor(shape.heads, shape.n_q, row_bytes(shape.d, config.prune.query_bits));
      for (const std::int64_t bits : config.prune.chunk_bits)
        at.k.push_back(tensor(shape.kv_heads, shape.n_k, row_bytes(shape.d, bits)));
      at.v = tensor(shape.kv_heads, shape.n_k, row_bytes(shape.d, config.prune.value_bits));
      at.out = tensor(shape.heads, shape.n_q, row_bytes(shape.d, kOutputBits));
    }
  }
}

std::int64_t Layout::chunk_bytes(const Slice& slice, std::int64_t chunk) const {
  return row_bytes(place(slice).d, config_.prune.chunk_bits[static_cast<std::size_t>(chunk)]);
}
std::int64_t Layout::value_bytes(const Slice& slice) const {
  return row_bytes(place(slice).d, config_.prune.value_bits);
}
std::uint64_t Layout::chunk(const Slice& slice, std::int64_t chunk, std::int64_t token) const {
  const LayerPlace& at = place(slice);
  return at.k[static_cast<std::size_t>(chunk)] +
         static_cast<std::uint64_t>((slice.stored_head * at.n_k + token) *
                                    chunk_bytes(slice, chunk));
}
std::uint64_t Layout::value(const Slice& slice, std::int64_t token) const {
  const LayerPlace& at = place(slice);
  return at.v +
         static_cast<std::uint64_t>((slice.stored_head * at.n_k + token) * value_bytes(slice));
}
/// Cut into requests.
void Layout::add(const Transfer& whole, std::vector<Transfer>& transfers) const {
  Transfer piece = whole;
  for (std::int64_t done = 0; done < whole.bytes; done += piece.bytes) {
    piece.address = whole.address + static_cast<std::uint64_t>(done);
    piece.bytes = std::min(config_.fetch.request_bytes, whole.bytes - done);
    transfers.push_back(piece);
  }
}

void Layout::add_loads(const Slice& slice, std::vector<Transfer>& transfers) const {
  const LayerPlace& at = place(slice);
  const std::int64_t bytes = row_bytes(at.d, config_.prune.query_bits);
  for (std::int64_t head = slice.first_head; head < slice.first_head + slice.heads; ++head)
    add({.address = at.q + static_cast<std::uint64_t>((head * at.n_q + slice.query) * bytes),
         .bytes = bytes},
        transfers);
  if (!slice.appends) return;
  const std::int64_t newest = slice.tokens - 1;
  for (std::int64_t c = 0; c < std::ssize(at.k); ++c)
    add({chunk(slice, c, newest), chunk_bytes(slice, c), Tensor::K, true}, transfers);
  add({value(slice, newest), value_bytes(slice), Tensor::V, true}, transfers);
}

void Layout::add_outputs(const Slice& slice, std::vector<Transfer>& transfers) const {
  const LayerPlace& at = place(slice);
  const std::int64_t bytes = row_bytes(at.d, kOutputBits);
  for (std::int64_t head = slice.first_head; head < slice.first_head + slice.heads; ++head)
    add({at.out + static_cast<std::uint64_t>((head * at.n_q + slice.query) * bytes), bytes,
         Tensor::Out, true},
        transfers);
}

}  // namespace hdp::token_picker
