// SPDX-License-Identifier: Apache-2.0
#include "machine/sta/lowering.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>

namespace hdp::sta {
namespace {

constexpr NmPattern kDense{};

layer::Needs after(layer::Track track, std::uint32_t count) {
  layer::Needs needs;
  needs.also(track, count);
  return needs;
}

}  // namespace

Lowering::Lowering(const StaConfig& config, const Layout& layout, const Round& round,
                   StaTotals& totals)
    : config_(config),
      layout_(layout),
      round_(round),
      totals_(totals),
      array_(matrix_array(config)),
      queries_(config.layer.input_buffer_bytes),
      stored_(config.layer.weight_buffer_bytes),
      outputs_(config.layer.output_buffer_bytes),
      stays_(std::ranges::all_of(
          round, [&](const Group& group) { return stored_bytes(group) <= stored_.half(); })) {}

layer::Program Lowering::lower() {
  std::vector<Started> groups;
  for (const Group& group : round_) groups.push_back(start(group));
  std::optional<Strip> last;
  for (const Started& started : groups)
    for (std::int64_t s = 0; s < started.group->strips(); ++s) {
      const Strip next = scores(started, s);
      if (last) outputs(*last);
      last = next;
    }
  if (last) outputs(*last);
  return std::move(program_);
}

Lowering::Started Lowering::start(const Group& group) {
  Started started{&group, program_.add_phase("score")};
  program_.add_phase("softmax");
  const std::uint32_t value = program_.add_phase("value");
  if (!group.appends) return started;
  append(group, value);
  started.appended = after(Track::Outputs, program_.count(Track::Outputs));
  return started;
}

Lowering::Strip Lowering::scores(const Started& started, std::int64_t number) {
  const Group& group = *started.group;
  Strip strip{.started = started, .rows = group.strip(number)};
  for (const Row& row : strip.rows) {
    strip.keys = std::max(strip.keys, row.visible);
    totals_.score_macs += row.visible * group.shape.d;
    totals_.value_macs += row.visible * group.shape.d;
  }
  ++totals_.strips;
  const Loaded queries = load_queries(strip);
  std::uint32_t pass = 0;
  if (stays_) {
    pass = score_pass(strip, strip.keys, all_keys(started), queries);
  } else {
    const std::int64_t step = config_.array.columns;
    const std::int64_t most = piece(strip.keys, step, layout_.bytes(step * group.shape.d));
    for (std::int64_t first = 0; first < strip.keys; first += most) {
      const std::int64_t count = std::min(most, strip.keys - first);
      pass = score_pass(strip, count, load_keys(started, first, count), queries);
    }
  }
  softmax(strip, pass);
  return strip;
}

/// Scores of the strip with so many keys, into the score buffer.
std::uint32_t Lowering::score_pass(const Strip& strip, std::int64_t keys, const Loaded& k,
                                   const Loaded& q) {
  const auto rows = std::ssize(strip.rows);
  const std::int64_t d = strip.started.group->shape.d;
  const std::int64_t tiles = ceil_div(keys, config_.array.columns);
  Needs needs = after(Track::Weights, k.count);
  needs.also(Track::Inputs, q.count);
  const std::uint32_t pass =
      program_.add(Track::Matrix, {.needs = needs,
                                   .phase = strip.started.phase,
                                   .cycles = tiles * tile_cycles(array_, kDense, d),
                                   .products = rows * keys * d});
  stored_.use(k.place, Track::Matrix, pass);
  queries_.use(q.place, Track::Matrix, pass);
  totals_.engine.products += rows * keys * d;
  const std::int64_t operand = ceil_div(d, array_.depth) * array_.depth;
  totals_.engine.input_bits += rows * tiles * operand * config_.layer.activation_bits;
  totals_.engine.weight_bits += keys * operand * config_.layer.activation_bits;
  totals_.score_bits_written += rows * keys * kScoreBits;
  return pass;
}

/// Three passes over a row, pipelined over the rows of a strip: the running maximum, exponentials
/// and their sum, and what makes codes of them.
void Lowering::softmax(Strip& strip, std::uint32_t scores) {
  constexpr std::int64_t kPasses = 3;
  std::int64_t cycles = (kPasses - 1) * softmax_row_cycles(config_.softmax, strip.keys).count;
  std::int64_t entries = 0;
  for (const Row& row : strip.rows) {
    cycles += softmax_row_cycles(config_.softmax, row.visible).count;
    entries += row.visible;
  }
  strip.softmax = program_.add(
      Track::Softmax,
      {.needs = after(Track::Matrix, scores), .phase = strip.started.phase + 1, .cycles = cycles});
  totals_.softmax_entries += entries;
  totals_.score_bits_read += kPasses * entries * kScoreBits;
  totals_.score_bits_written += entries * (kScoreBits + config_.layer.activation_bits);
}

/// P V, panel by panel of V; the outputs of a strip leave together.
void Lowering::outputs(const Strip& strip) {
  const Group& group = *strip.started.group;
  const auto rows = std::ssize(strip.rows);
  const std::uint32_t phase = strip.started.phase + 2;
  const std::int64_t bytes = rows * row_bytes(group);
  if (bytes > outputs_.half())
    refuse("/layer/output_buffer_bytes",
           fmt::format("half of {} bytes does not hold {} rows of {} outputs",
                       config_.layer.output_buffer_bytes, rows, group.shape.d),
           fmt::format("at least {}", 2 * bytes));
  const Place place = outputs_.place(bytes);
  std::uint32_t job = 0;
  for (std::int64_t panel = 0; panel < panels_of(group); ++panel) {
    const std::int64_t columns = columns_of(group, panel);
    Needs needs = place.needs;
    if (stays_) {
      const Loaded& values = all_values(strip.started);
      needs.also(Track::Matrix, output_pass(strip, panel, strip.keys, values, true));
    } else {
      const std::int64_t most =
          piece(strip.keys, array_.depth, layout_.bytes(columns * array_.depth));
      for (std::int64_t first = 0; first < strip.keys; first += most) {
        const std::int64_t count = std::min(most, strip.keys - first);
        const Loaded values = load_values(strip.started, panel, first, count);
        needs.also(Track::Matrix, output_pass(strip, panel, count, values, first == 0));
      }
    }
    job = program_.add(Track::Vector,
                       {.needs = needs,
                        .phase = phase,
                        .cycles = ceil_div(rows * columns, config_.layer.vector_lanes)});
    totals_.engine.vector_operations += rows * columns;
    totals_.engine.output_bits += rows * columns * config_.layer.activation_bits;
  }
  const std::size_t first_range = program_.ranges.size();
  for (const Row& row : strip.rows)
    add_range(first_range, layout_.output(group, row), row_bytes(group));
  outputs_.use(
      place, Track::Outputs,
      transfer(Track::Outputs, Tensor::Out, after(Track::Vector, job), phase, first_range));
}

std::uint32_t Lowering::output_pass(const Strip& strip, std::int64_t panel, std::int64_t keys,
                                    const Loaded& v, bool first) {
  const auto rows = std::ssize(strip.rows);
  const std::int64_t columns = columns_of(*strip.started.group, panel);
  Needs needs = after(Track::Softmax, strip.softmax);
  needs.also(Track::Weights, v.count);
  // A PE has two accumulators: those of the panel before the last must be free.
  const std::uint32_t jobs = program_.count(Track::Vector);
  if (first && jobs > 1) needs.also(Track::Vector, jobs - 1);
  const std::uint32_t pass =
      program_.add(Track::Matrix, {.needs = needs,
                                   .phase = strip.started.phase + 2,
                                   .cycles = tile_cycles(array_, kDense, keys),
                                   .products = rows * columns * keys});
  stored_.use(v.place, Track::Matrix, pass);
  totals_.engine.products += rows * columns * keys;
  totals_.engine.weight_bits +=
      columns * ceil_div(keys, array_.depth) * array_.depth * config_.layer.activation_bits;
  totals_.score_bits_read += rows * keys * config_.layer.activation_bits;
  return pass;
}

}  // namespace hdp::sta
