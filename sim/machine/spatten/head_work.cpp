// SPDX-License-Identifier: Apache-2.0
#include "machine/spatten/head_work.hpp"

#include <algorithm>
#include <array>

#include <hdp/base/quantity.hpp>

namespace hdp::spatten {
namespace {

constexpr std::int64_t kAlignment = 4096;
constexpr std::int64_t kWidestBits = 16;

std::int64_t bytes_of(std::int64_t d, std::int64_t bits) { return ceil_div(d * bits, 8); }

}  // namespace

Lanes::Lanes(std::int64_t multipliers, std::int64_t d)
    : vectors(std::max<std::int64_t>(1, multipliers / d)),
      cycles_per_line(ceil_div(d, multipliers)) {}

std::int64_t Lanes::cycles(std::int64_t count) const {
  return ceil_div(count, vectors) * cycles_per_line;
}

Lowering::Lowering(const SpattenConfig& config, std::span<const SpattenPass> passes)
    : config_(config) {
  std::int64_t sequences = 0, layers = 0, rows = 0, d = 0;
  for (const SpattenPass& pass : passes) {
    sequences = std::max(sequences, pass.sequence + 1);
    layers = std::max(layers, pass.layer + 1);
    heads_of_layer_ = std::max({heads_of_layer_, pass.heads.back() + 1, pass.stored_head + 1});
    rows = std::max({rows, std::int64_t{pass.keys->back()} + 1, pass.first_query + pass.rows()});
    d = std::max(d, pass.d);
  }
  heads_of_sequence_ = layers * heads_of_layer_;
  heads_ = sequences * heads_of_sequence_;
  head_bytes_ = static_cast<std::uint64_t>(ceil_div(rows * bytes_of(d, kWidestBits), kAlignment) *
                                           kAlignment);
}

std::uint64_t Lowering::head_start(Tensor tensor, const SpattenPass& pass,
                                   std::int64_t head) const {
  constexpr std::array kOrder{Tensor::K, Tensor::KLsb, Tensor::V, Tensor::Q, Tensor::Out};
  const auto region = std::ranges::find(kOrder, tensor) - kOrder.begin();
  return head_bytes_ *
         static_cast<std::uint64_t>(region * heads_ + pass.sequence * heads_of_sequence_ +
                                    pass.layer * heads_of_layer_ + head);
}

void Lowering::add_vectors(Tensor tensor, const SpattenPass& pass, std::int64_t bits,
                           std::span<const std::int32_t> tokens, HeadWork& work,
                           std::vector<Load>& loads) const {
  const std::uint64_t start = head_start(tensor, pass, pass.stored_head);
  const auto bytes = static_cast<std::uint32_t>(bytes_of(pass.d, bits));
  for (std::size_t first = 0; first < tokens.size();) {
    const std::size_t count =
        std::min(tokens.size() - first, static_cast<std::size_t>(config_.tile_keys));
    Load load{tensor, static_cast<std::uint32_t>(work.ranges.size()), 0,
              static_cast<std::int64_t>(count)};
    for (const std::int32_t token : tokens.subspan(first, count)) {
      const std::uint64_t address = start + static_cast<std::uint64_t>(token) * bytes;
      const bool follows = work.ranges.size() > load.first_range &&
                           work.ranges.back().address + work.ranges.back().bytes == address;
      if (follows)
        work.ranges.back().bytes += bytes;
      else
        work.ranges.push_back({address, bytes});
    }
    load.ranges = static_cast<std::uint32_t>(work.ranges.size()) - load.first_range;
    loads.push_back(load);
    first += count;
  }
}

FetchRange Lowering::rows_of(Tensor tensor, const SpattenPass& pass, std::int64_t head,
                             std::int64_t bits) const {
  const auto bytes = static_cast<std::uint64_t>(bytes_of(pass.d, bits));
  return {head_start(tensor, pass, head) + static_cast<std::uint64_t>(pass.first_query) * bytes,
          static_cast<std::uint32_t>(static_cast<std::uint64_t>(pass.rows()) * bytes)};
}

void Lowering::add_append(Tensor tensor, const SpattenPass& pass, std::int64_t bits,
                          HeadWork& work) const {
  add_vectors(tensor, pass, bits, std::span(*pass.keys).last(1), work, work.appends);
}

void Lowering::lower(const SpattenPass& pass, HeadWork& work) const {
  work.pass = &pass;
  work.ranges.clear();
  work.key_loads.clear();
  work.lsb_loads.clear();
  work.value_loads.clear();
  work.appends.clear();
  work.outputs.clear();
  for (const std::int64_t head : pass.heads) {
    work.ranges.push_back(rows_of(Tensor::Q, pass, head, pass.query_bits));
    work.outputs.push_back(rows_of(Tensor::Out, pass, head, config_.word_bits));
  }
  work.key_loads.push_back(
      {Tensor::Q, 0, static_cast<std::uint32_t>(pass.heads.size()), std::ssize(pass.queries)});
  add_vectors(Tensor::K, pass, pass.key_bits, *pass.keys, work, work.key_loads);
  if (std::ranges::any_of(pass.queries, &SpattenQueryWork::second_pass))
    add_vectors(Tensor::KLsb, pass, pass.lsb_bits, *pass.keys, work, work.lsb_loads);
  add_vectors(Tensor::V, pass, pass.value_bits, pass.values, work, work.value_loads);
  if (!pass.appends) return;
  add_append(Tensor::K, pass, pass.key_bits, work);
  if (pass.two_parts) add_append(Tensor::KLsb, pass, pass.lsb_bits, work);
  add_append(Tensor::V, pass, pass.value_bits, work);
}

}  // namespace hdp::spatten
