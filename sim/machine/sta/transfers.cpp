// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "machine/sta/lowering.hpp"
#include <hdp/base/error.hpp>

namespace hdp::sta {

/// The newest row of K and V goes to memory, and comes back with the others.
void Lowering::append(const Group& group, std::uint32_t phase) {
  const std::int64_t newest = group.keys - 1;
  std::size_t first_range = program_.ranges.size();
  add_range(first_range, layout_.key(group, newest), row_bytes(group));
  transfer(Track::Outputs, Tensor::K, {}, phase, first_range);
  first_range = program_.ranges.size();
  for (std::int64_t panel = 0; panel < panels_of(group); ++panel)
    add_range(first_range, layout_.value(group, panel, newest),
              layout_.bytes(columns_of(group, panel)));
  transfer(Track::Outputs, Tensor::V, {}, phase, first_range);
}

Lowering::Loaded Lowering::load_queries(const Strip& strip) {
  const Group& group = *strip.started.group;
  const std::int64_t bytes = std::ssize(strip.rows) * row_bytes(group);
  if (bytes > queries_.half())
    refuse("/layer/input_buffer_bytes",
           fmt::format("half of {} bytes does not hold {} queries of {} elements",
                       config_.layer.input_buffer_bytes, strip.rows.size(), group.shape.d),
           fmt::format("at least {}", 2 * bytes));
  const Place place = queries_.place(bytes);
  const std::size_t first_range = program_.ranges.size();
  for (const Row& row : strip.rows)
    add_range(first_range, layout_.query(group, row), row_bytes(group));
  return {place, transfer(Track::Inputs, Tensor::Q, place.needs, strip.started.phase, first_range)};
}

Lowering::Loaded Lowering::load_keys(const Started& started, std::int64_t first,
                                     std::int64_t count) {
  const Group& group = *started.group;
  const std::int64_t bytes = layout_.bytes(count * group.shape.d);
  const Place place = stored_.place(bytes);
  Needs needs = place.needs;
  needs.also(started.appended);
  const std::size_t first_range = program_.ranges.size();
  add_range(first_range, layout_.key(group, first), bytes);
  return {place, transfer(Track::Weights, Tensor::K, needs, started.phase, first_range), &group};
}

Lowering::Loaded Lowering::load_values(const Started& started, std::int64_t panel,
                                       std::int64_t first, std::int64_t count) {
  const Group& group = *started.group;
  const std::int64_t bytes = layout_.bytes(count * columns_of(group, panel));
  const Place place = stored_.place(bytes);
  Needs needs = place.needs;
  needs.also(started.appended);
  const std::size_t first_range = program_.ranges.size();
  add_range(first_range, layout_.value(group, panel, first), bytes);
  return {place, transfer(Track::Weights, Tensor::V, needs, started.phase + 2, first_range),
          &group};
}

const Lowering::Loaded& Lowering::all_keys(const Started& started) {
  if (keys_.of != started.group || !stored_.holds(keys_.place))
    keys_ = load_keys(started, 0, started.group->keys);
  return keys_;
}

const Lowering::Loaded& Lowering::all_values(const Started& started) {
  const Group& group = *started.group;
  if (values_.of == &group && stored_.holds(values_.place)) return values_;
  const Place place = stored_.place(stored_bytes(group));
  Needs needs = place.needs;
  needs.also(started.appended);
  const std::size_t first_range = program_.ranges.size();
  for (std::int64_t panel = 0; panel < panels_of(group); ++panel)
    add_range(first_range, layout_.value(group, panel, 0),
              layout_.bytes(group.keys * columns_of(group, panel)));
  values_ = {place, transfer(Track::Weights, Tensor::V, needs, started.phase + 2, first_range),
             &group};
  return values_;
}

std::int64_t Lowering::stored_bytes(const Group& group) const {
  std::int64_t values = 0;
  for (std::int64_t panel = 0; panel < panels_of(group); ++panel)
    values += layout_.bytes(group.keys * columns_of(group, panel));
  return values;  // no less than K, whose rows are one range
}

std::int64_t Lowering::row_bytes(const Group& group) const { return layout_.bytes(group.shape.d); }
std::int64_t Lowering::panels_of(const Group& group) const {
  return ceil_div(group.shape.d, config_.array.columns);
}
std::int64_t Lowering::columns_of(const Group& group, std::int64_t panel) const {
  return std::min(config_.array.columns, group.shape.d - panel * config_.array.columns);
}

/// Pieces as few as can be, and as equal, in whole steps.
std::int64_t Lowering::piece(std::int64_t keys, std::int64_t step, std::int64_t bytes) const {
  if (bytes > stored_.half())
    refuse("/layer/weight_buffer_bytes",
           fmt::format("half of {} bytes does not hold {} keys", config_.layer.weight_buffer_bytes,
                       step),
           fmt::format("at least {}", 2 * bytes));
  const std::int64_t pieces = ceil_div(keys, stored_.half() / bytes * step);
  return ceil_div(ceil_div(keys, pieces), step) * step;
}

/// To the ranges from `first_range` on; neighbours in memory are one.
void Lowering::add_range(std::size_t first_range, std::uint64_t address, std::int64_t bytes) {
  const auto size = static_cast<std::uint32_t>(bytes);
  std::vector<FetchRange>& ranges = program_.ranges;
  if (ranges.size() > first_range && ranges.back().address + ranges.back().bytes == address)
    ranges.back().bytes += size;
  else
    ranges.push_back({address, size});
}

std::uint32_t Lowering::transfer(Track track, Tensor tensor, const Needs& needs,
                                 std::uint32_t phase, std::size_t first_range) {
  std::int64_t& bytes =
      (track == Track::Outputs ? totals_.written_bytes
                               : totals_.read_bytes)[static_cast<std::size_t>(tensor)];
  for (std::size_t r = first_range; r < program_.ranges.size(); ++r)
    bytes += program_.ranges[r].bytes;
  return program_.add_transfer(track, {.needs = needs, .phase = phase, .tensor = tensor},
                               first_range);
}

}  // namespace hdp::sta
