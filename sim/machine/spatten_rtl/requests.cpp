// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "fetch_context.hpp"
#include <hdp/base/error.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/units/top_k_latency.hpp>
#include <hdp/workload/spatten_traffic.hpp>

namespace hdp::spatten_rtl {
namespace {

constexpr std::int32_t kFragmentsOfPadding = 8;
constexpr std::int64_t kFifoRows = 16;
constexpr std::int64_t kHeadSize = 64, kFusedBits = 6, kAccessBits = 256;

/// One matrix of the rows, one row after the other: two of 6 bits that follow one another share a
/// batch.
class Operands {
 public:
  Operands(std::int64_t padding, std::int32_t units) : padding_(padding), units_(units) {}
  /// `paired`: a part waits for one of the same bits, as the bench pairs keys. Else the next row is
  /// the other part whatever its bits, as scores are numbered when they arrive.
  Operand next(std::int64_t bits, std::int64_t count, bool paired) {
    Operand operand;
    operand.bits = static_cast<std::int8_t>(bits);
    operand.fused = bits == kFusedBits ? 2 : 1;
    operand.part = waits_for_partner_ && (operand.fused == 2 || !paired) ? 1 : 0;
    operand.last = operand.part + 1 >= operand.fused;
    waits_for_partner_ = !operand.last;
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

void refuse_row(const SpattenRow& row, const std::string& where, const SpattenRtlConfig& config) {
  if (row.head_size != kHeadSize)
    refuse(where, fmt::format("heads of {} elements", row.head_size), "64");
  for (const std::int64_t bits : {row.key_bits, row.value_bits}) {
    if (rtl_fetched_bits(bits) == 0)
      refuse(where, fmt::format("{} bits", bits), "-1, 4, 6, 8, 10, 12");
  }
  if (row.key_fetch < 1 || row.value_fetch < 1) refuse(where, "fetches nothing", "at least 1");
  const std::int64_t most = config.multipliers / kHeadSize * config.buffer_lines;
  const auto refuse_count = [&](std::int64_t count, std::string_view what) {
    if (count > most)
      refuse(where, fmt::format("{} {}", count, what),
             fmt::format("at most the {} that the buffer has lines for", most));
  };
  refuse_count(row.key_fetch, "keys");
  refuse_count(row.value_fetch, "values");
}

// What stops the RTL, or hangs it: more values than keys, partial rows of the wide fetcher, pairs
// that the buffer cannot hold, and two fetches for a vector whose last row of addresses is half
// full. The padded counts decide.
void refuse_request(const Request& request, const Shape& shape, const std::string& where) {
  if (request.value.count > request.key.count)
    refuse(where,
           fmt::format("{} values of {} keys after padding: the RTL stops with an assertion",
                       request.value.count, request.key.count),
           "at most the keys");
  for (const Operand* operand : {&request.key, &request.value}) {
    const std::int64_t lines = std::int64_t{operand->lines} * operand->fused;
    if (lines > shape.buffer_lines)
      refuse(where, fmt::format("a batch of {} lines: the RTL hangs", lines),
             fmt::format("at most the {} of the buffer", shape.buffer_lines));
    const std::int32_t rest = operand->count % shape.lanes;
    if (2 * shape.softmax_units > kFragmentsOfPadding && rest != 0)
      refuse(
          where,
          fmt::format("{} vectors after padding: the RTL stops with an assertion", operand->count),
          fmt::format("a multiple of {} (see fetch_padding)", shape.lanes));
    if (operand->accesses() == 2 && 2 * rest == shape.lanes)
      refuse(where, fmt::format("{} vectors after padding: the RTL hangs", operand->count),
             fmt::format("no half row of {} addresses (see fetch_padding)", shape.lanes));
  }
}

// Rows that wait for a second pass are counted where rows of scores wait.
void refuse_run_of_second_passes(const std::vector<bool>& requantised, std::int64_t lines,
                                 const std::string& origin) {
  std::int64_t run = 0;
  for (std::size_t i = 0; i < requantised.size(); ++i) {
    run = requantised[i] ? run + 1 : 0;
    if (run > kFifoRows * lines)
      refuse(row_path(origin, i),
             fmt::format("{} rows re-quantise one after another: the RTL stops with an assertion",
                         run),
             fmt::format("at most {}", kFifoRows * lines));
  }
}

std::vector<bool> requantised_rows(const RowChoice& choice, std::span<const SpattenRow> rows) {
  std::vector<bool> requantised(rows.size());
  if (!choice.rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      requantised[i] = choice.eligible && may_requantise_in_rtl(rows[i]);
    return requantised;
  }
  for (const std::int64_t row : *choice.rows) {
    if (row < 0 || row >= std::ssize(rows))
      throw UserError({.path = "requantise",
                       .problem = fmt::format("there is no row {}", row),
                       .allowed = fmt::format("0 to {}", std::ssize(rows) - 1)});
    const auto i = static_cast<std::size_t>(row);
    if (!may_requantise_in_rtl(rows[i]))
      throw UserError(
          {.path = "requantise", .problem = fmt::format("the workload does not let row {}", row)});
    requantised[i] = true;
  }
  return requantised;
}

}  // namespace

Shape shape_of(const SpattenRtlConfig& config) {
  Shape shape{};
  shape.buffer_lines = static_cast<std::int32_t>(config.buffer_lines);
  shape.softmax_units = static_cast<std::int32_t>(config.multipliers / kHeadSize);
  shape.tree_levels = std::countr_zero(static_cast<std::uint32_t>(shape.softmax_units));
  shape.channels = static_cast<std::int32_t>(config.channels());
  shape.channel_bits = std::countr_zero(static_cast<std::uint32_t>(shape.channels));
  shape.lanes =
      std::max(static_cast<std::int32_t>(32 / config.bandwidth_downsample), shape.softmax_units);
  std::int64_t element = std::int64_t{shape.lanes} * kAccessBits;
  for (const int bits : {4, 6, 8})
    element = std::gcd(element, std::int64_t{2} * bits * config.multipliers);
  shape.lanes_per_element = static_cast<std::int32_t>(element / kAccessBits);
  return shape;
}

std::vector<Request> make_requests(const SpattenRtlConfig& config, std::span<const SpattenRow> rows,
                                   const std::string& origin) {
  const Shape shape = shape_of(config);
  const std::vector<bool> requantised = requantised_rows(config.requantise, rows);
  refuse_run_of_second_passes(requantised, config.buffer_lines, origin);
  Operands keys(config.fetch_padding, shape.softmax_units);
  Operands values(config.fetch_padding, shape.softmax_units);
  TopKLatency latency(config.top_k_parallelism);
  std::vector<Request> requests;
  requests.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SpattenRow& row = rows[i];
    const std::string where = row_path(origin, i);
    refuse_row(row, where, config);
    Request request;
    request.id = static_cast<std::int32_t>(i);
    request.key = keys.next(rtl_fetched_bits(row.key_bits), row.key_fetch, true);
    request.value = values.next(rtl_fetched_bits(row.value_bits), row.value_fetch, false);
    refuse_request(request, shape, where);
    if (request.key.part == 0) {  // another head of a pair does not wait for the top-k
      request.top_k_latency =
          static_cast<std::int32_t>(latency.draw(row.key_fetch, row.value_fetch));
    }
    request.requantises = requantised[i];
    requests.push_back(request);
  }
  return requests;
}

}  // namespace hdp::spatten_rtl
