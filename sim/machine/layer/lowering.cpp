// SPDX-License-Identifier: Apache-2.0
#include "machine/layer/lowering.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <hdp/base/error.hpp>

namespace hdp::layer {
namespace {

constexpr std::int64_t kAlignment = 64;

}  // namespace

/// A step of nothing: no rows, or no head that is alive.
void Lowering::add_nothing(const std::string& phase) {
  program_.add_phase(phase);
  written_.push_back({.written = program_.count(Track::Outputs)});
}

/// Through the vector unit into the output buffer, and from there to memory. Returns the vector
/// unit's jobs so far.
std::uint32_t Lowering::finish(std::uint32_t phase, Needs needs, const TileOut& tile,
                               std::int64_t vector_passes) {
  const std::int64_t elements = tile.rows * tile.columns;
  const std::int64_t bytes = activation_bytes(config_, tile.rows, tile.columns);
  if (bytes > outputs_.half())
    refuse("/layer/output_buffer_bytes",
           fmt::format("half of {} bytes does not hold {} x {} outputs",
                       config_.output_buffer_bytes, tile.rows, tile.columns),
           fmt::format("at least {}", 2 * bytes));
  const DoubleBuffer::Place place = outputs_.place(bytes);
  needs.also(place.needs);
  const std::uint32_t job = program_.add(
      Track::Vector, {.needs = needs,
                      .phase = phase,
                      .cycles = vector_passes * ceil_div(elements, config_.vector_lanes)});
  Needs done;
  done.also(Track::Vector, job);
  const std::uint32_t store = program_.add_transfer(
      Track::Outputs, {.needs = done, .phase = phase, .tensor = tile.tensor}, tile.address, bytes);
  outputs_.use(place, Track::Outputs, store);
  totals_.vector_operations += elements * vector_passes;
  totals_.output_bits += elements * config_.activation_bits;
  return job;
}

/// Whole rows, as many as an array has, or fewer where the buffers hold no more.
void Lowering::add(const VectorJob& job) {
  if (job.rows == 0 || job.columns == 0) return add_nothing(job.phase);
  const std::uint32_t phase = program_.add_phase(job.phase);
  std::vector<Matrix> operands;
  Needs needs;
  for (const InputStep& input : job.inputs) {
    operands.push_back(matrix_of(input, job.rows, job.columns));
    needs.also(needs_of(input));
  }
  const std::int64_t bytes = activation_bytes(config_, job.rows, job.columns);
  written_.push_back({allocate(bytes), job.rows, job.columns});
  const std::int64_t row = activation_bytes(config_, 1, job.columns);
  const std::int64_t fit = inputs_.half() / (row * std::ssize(operands));
  if (fit == 0)
    refuse("/layer/input_buffer_bytes",
           fmt::format("half of {} bytes does not hold a row of {} operands of {} elements",
                       config_.input_buffer_bytes, operands.size(), job.columns),
           fmt::format("at least {}", 2 * row * std::ssize(operands)));
  const std::int64_t piece =
      std::min({array_.rows, job.rows, fit, std::max<std::int64_t>(1, outputs_.half() / row)});
  for (std::int64_t first = 0; first < job.rows; first += piece) {
    const std::int64_t rows = std::min(piece, job.rows - first);
    const std::int64_t size = activation_bytes(config_, rows, job.columns);
    const auto offset = static_cast<std::uint64_t>(activation_bytes(config_, first, job.columns));
    const DoubleBuffer::Place place = inputs_.place(size * std::ssize(operands));
    Needs load = place.needs;
    load.also(needs);
    const std::size_t first_range = program_.ranges.size();
    for (const Matrix& operand : operands)
      program_.ranges.push_back({operand.address + offset, static_cast<std::uint32_t>(size)});
    const std::uint32_t loaded =
        program_.add_transfer(Track::Inputs, {.needs = load, .phase = phase}, first_range);
    input_bytes_ += size * std::ssize(operands);
    totals_.input_bits += 8 * size * std::ssize(operands);
    Needs there;
    there.also(Track::Inputs, loaded);
    const std::uint32_t done = finish(
        phase, there, {rows, job.columns, written_.back().address + offset}, job.vector_passes);
    inputs_.use(place, Track::Vector, done);
  }
  written_.back().written = program_.count(Track::Outputs);
}

Needs Lowering::needs_of(InputStep step) const {
  Needs needs;
  if (!step) return needs;
  HDP_CHECK(*step < written_.size(), "a step reads what an earlier one has written");
  needs.also(Track::Outputs, written_[*step].written);
  return needs;
}

Matrix Lowering::matrix_of(InputStep step, std::int64_t rows, std::int64_t columns) {
  if (step) return written_[*step];
  const auto [found, is_new] = given_.try_emplace({rows, columns});
  if (is_new) found->second = {allocate(activation_bytes(config_, rows, columns)), rows, columns};
  return found->second;
}

std::uint64_t Lowering::address_of(const Matrix& matrix, std::int64_t row_tile,
                                   std::int64_t column) const {
  const std::int64_t first = row_tile * array_.rows;
  const std::int64_t rows = std::min(array_.rows, matrix.rows - first);
  const std::int64_t before = first * matrix.columns + rows * column;
  return matrix.address + static_cast<std::uint64_t>(before * config_.activation_bits / 8);
}

std::uint64_t Lowering::allocate(std::int64_t bytes) {
  const std::uint64_t address = next_address_;
  next_address_ += static_cast<std::uint64_t>(ceil_div(bytes, kAlignment) * kAlignment);
  return address;
}

}  // namespace hdp::layer
