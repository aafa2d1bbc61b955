// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/units/top_k_latency.hpp>
#include <hdp/workload/spatten_traffic.hpp>

#include "fetch_context.hpp"

namespace hdp::spatten_rtl {
namespace {

constexpr std::int64_t kHeadSize = 64;

/// One matrix of the rows, one row after the other: two of 6 bits that follow one another share a
/// batch.
class Operands {
 public:
  Operands(std::int64_t padding, std::int32_t units) : padding_(padding), units_(units) {}
  Operand next(std::int64_t bits, std::int64_t count, bool partner_follows) {
    Operand operand;
    operand.bits = static_cast<std::int8_t>(bits);
    operand.fused = bits == 6 ? 2 : 1;
    operand.part = operand.fused == 2 && waits_for_partner_ ? 1 : 0;
    waits_for_partner_ = operand.fused == 2 && operand.part == 0 && partner_follows;
    operand.last = operand.part + 1 == operand.fused;
    operand.count = static_cast<std::int32_t>(ceil_div(count, padding_) * padding_);
    operand.fragments = static_cast<std::int32_t>(ceil_div(operand.count, units_));
    operand.lines = operand.fragments + operand.fragments % 2;
    return operand;
  }

 private:
  std::int64_t padding_;
  std::int32_t units_;
  bool waits_for_partner_ = false;
};

}  // namespace

Shape shape_of(const SpattenRtlConfig& config) {
  Shape shape{};
  shape.buffer_lines = static_cast<std::int32_t>(config.buffer_lines);
  shape.softmax_units = static_cast<std::int32_t>(config.multipliers / kHeadSize);
  shape.tree_levels = std::countr_zero(static_cast<std::uint32_t>(shape.softmax_units));
  shape.channels = static_cast<std::int32_t>(16 / config.bandwidth_downsample);
  shape.channel_bits = std::countr_zero(static_cast<std::uint32_t>(shape.channels));
  shape.lanes = std::max(static_cast<std::int32_t>(32 / config.bandwidth_downsample),
                         shape.softmax_units);
  std::int64_t element = shape.lanes * 256;
  for (const int bits : {4, 6, 8}) element = std::gcd(element, bits * 2 * config.multipliers);
  shape.lanes_per_element = static_cast<std::int32_t>(element / 256);
  return shape;
}

std::vector<Request> make_requests(const SpattenRtlConfig& config,
                                   std::span<const SpattenRow> rows,
                                   std::span<const std::int64_t> requantised) {
  const Shape shape = shape_of(config);
  std::vector<Request> requests;
  requests.reserve(rows.size());
  Operands keys(config.fetch_padding, shape.softmax_units);
  Operands values(config.fetch_padding, shape.softmax_units);
  TopKLatency latency(config.top_k_parallelism);
  const auto bits_of = [&](std::size_t row, std::int64_t bits) {
    return row < rows.size() ? rtl_fetched_bits(bits) : 0;
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SpattenRow& row = rows[i];
    Request request;
    request.id = static_cast<std::int32_t>(i);
    const bool more = i + 1 < rows.size();
    request.key = keys.next(bits_of(i, row.key_bits), row.key_fetch,
                            more && bits_of(i + 1, rows[i + 1].key_bits) == 6);
    request.value = values.next(bits_of(i, row.value_bits), row.value_fetch,
                                more && bits_of(i + 1, rows[i + 1].value_bits) == 6);
    // Only the first of a pair waits for the top-k.
    if (request.key.part == 0) {
      request.top_k_latency = static_cast<std::int32_t>(latency.draw(row.key_fetch, row.value_fetch));
    }
    request.requantises =
        std::ranges::binary_search(requantised, static_cast<std::int64_t>(i));
    requests.push_back(request);
  }
  return requests;
}

}  // namespace hdp::spatten_rtl
