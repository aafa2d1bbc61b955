// SPDX-License-Identifier: Apache-2.0
#include <numeric>
#include <string>

#include <boost/random/sobol.hpp>

#include <hdp/base/check.hpp>
#include <hdp/base/error.hpp>
#include <hdp/base/random.hpp>
#include <hdp/study/sweep/points.hpp>

namespace hdp {
namespace {

RandomStream stream_of(const SweepSample& sample, std::size_t dimension) {
  return {static_cast<std::uint64_t>(sample.seed), "sweep axis " + std::to_string(dimension)};
}

/// Calls set(i, dimension, coordinate) for samples drawn independently.
template <class Set>
void draw_random(const SweepSample& sample, std::size_t dimensions, Set set) {
  for (std::size_t a = 0; a < dimensions; ++a) {
    RandomStream stream = stream_of(sample, a);
    for (std::int64_t i = 0; i < sample.count; ++i) set(i, a, stream.uniform());
  }
}

/// In every dimension one sample in each of `count` equal cells, in random order.
template <class Set>
void draw_latin_hypercube(const SweepSample& sample, std::size_t dimensions, Set set) {
  std::vector<std::int64_t> cells(static_cast<std::size_t>(sample.count));
  for (std::size_t a = 0; a < dimensions; ++a) {
    RandomStream stream = stream_of(sample, a);
    std::iota(cells.begin(), cells.end(), 0);
    for (std::size_t i = cells.size(); i > 1; --i)
      std::swap(cells[i - 1], cells[static_cast<std::size_t>(stream.below(i))]);
    for (std::int64_t i = 0; i < sample.count; ++i)
      set(i, a,
          (static_cast<double>(cells[static_cast<std::size_t>(i)]) + stream.uniform()) /
              static_cast<double>(sample.count));
  }
}

/// Boost's sequence; a seed other than 0 turns bits of it over, a pattern a dimension.
template <class Set>
void draw_sobol(const SweepSample& sample, std::size_t dimensions, Set set) {
  constexpr std::size_t kMostDimensions = 1000;
  if (dimensions > kMostDimensions)
    refuse("axes", std::to_string(dimensions) + " of them", "at most 1000 with method sobol");
  boost::random::sobol sequence(dimensions);
  std::vector<std::uint64_t> shift(dimensions, 0);
  for (std::size_t a = 0; a < dimensions && sample.seed != 0; ++a)
    shift[a] = stream_of(sample, a).next();
  for (std::int64_t i = 0; i < sample.count; ++i)
    for (std::size_t a = 0; a < dimensions; ++a)
      set(i, a, static_cast<double>((sequence() ^ shift[a]) >> 11U) * 0x1p-53);
}

}  // namespace

std::vector<double> draw_sample(const SweepSample& sample, std::size_t dimensions) {
  std::vector<double> drawn(static_cast<std::size_t>(sample.count) * dimensions);
  const auto set = [&](std::int64_t i, std::size_t a, double at) {
    drawn[static_cast<std::size_t>(i) * dimensions + a] = at;
  };
  switch (sample.method) {
    case SampleMethod::Random:
      draw_random(sample, dimensions, set);
      break;
    case SampleMethod::LatinHypercube:
      draw_latin_hypercube(sample, dimensions, set);
      break;
    case SampleMethod::Sobol:
      draw_sobol(sample, dimensions, set);
      break;
    case SampleMethod::Grid:
      throw LogicFault("a grid is not drawn");
  }
  return drawn;
}

}  // namespace hdp
