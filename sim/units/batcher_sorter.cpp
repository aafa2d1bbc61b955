// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/units/batcher_sorter.hpp>

namespace hdp {

BatcherSorter::BatcherSorter(std::int64_t size) {
  HDP_CHECK(size >= 1, "there are values to sort");
  const auto values = static_cast<std::size_t>(size);
  const std::size_t width = std::bit_ceil(values);
  // Runs of `run` are merged to twice that; `stride` is the distance within a layer.
  for (std::size_t run = 1; run < width; run *= 2) {
    for (std::size_t stride = run; stride >= 1; stride /= 2) {
      auto& layer = layers_.emplace_back();
      for (std::size_t block = stride % run; block + stride < width; block += 2 * stride) {
        for (std::size_t i = block; i < block + stride; ++i) {
          const bool one_merge = i / (2 * run) == (i + stride) / (2 * run);
          if (one_merge && i + stride < values) layer.emplace_back(i, i + stride);
        }
      }
    }
  }
}

std::int64_t BatcherSorter::comparisons() const {
  std::int64_t sum = 0;
  for (const auto& layer : layers_) sum += std::ssize(layer);
  return sum;
}

std::int64_t BatcherSorter::cycles(std::int64_t parallelism) const {
  std::int64_t sum = 0;
  for (const auto& layer : layers_) sum += ceil_div(std::ssize(layer), parallelism);
  return sum;
}

void BatcherSorter::sort(std::vector<std::int64_t>& values) const {
  for (const auto& layer : layers_)
    for (const auto& [first, second] : layer)
      if (values[first] < values[second]) std::swap(values[first], values[second]);
}

}  // namespace hdp
