// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/check.hpp>
#include <hdp/base/quantity.hpp>
#include <hdp/units/top_k_engine.hpp>
#include <hdp/units/zero_eliminator.hpp>

namespace hdp {

TopKSelection TopKEngine::select(std::span<const std::int64_t> values, std::int64_t k) {
  HDP_CHECK(k >= 1 && k <= std::ssize(values), "there are k values");
  TopKSelection selection;
  live_.assign(values.begin(), values.end());
  for (std::int64_t rank = k;;) {
    ++selection.rounds;
    selection.select_cycles +=
        ceil_div(std::ssize(live_), config_.parallelism) + config_.round_cycles;
    selection.comparisons += std::ssize(live_);
    const std::int64_t pivot = live_[pivots_.below(live_.size())];
    greater_.clear();
    less_.clear();
    for (const std::int64_t value : live_) {
      if (value > pivot) greater_.push_back(value);
      if (value < pivot) less_.push_back(value);
    }
    const std::int64_t greater = std::ssize(greater_);
    const std::int64_t not_less = std::ssize(live_) - std::ssize(less_);
    if (rank <= greater) {
      live_.swap(greater_);
    } else if (rank <= not_less) {
      selection.threshold = pivot;
      break;
    } else {
      rank -= not_less;
      live_.swap(less_);
    }
  }
  filter(values, k, selection);
  return selection;
}

void TopKEngine::filter(std::span<const std::int64_t> values, std::int64_t k,
                        TopKSelection& selection) const {
  std::int64_t equals = k;  // that are still wanted
  for (const std::int64_t value : values) equals -= value > selection.threshold ? 1 : 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool wanted_equal = values[i] == selection.threshold && equals > 0;
    if (wanted_equal) --equals;
    if (values[i] > selection.threshold || wanted_equal)
      selection.kept.push_back(static_cast<std::int32_t>(i));
  }
  selection.filter_cycles = ceil_div(std::ssize(values), config_.parallelism) +
                            zero_eliminator_layers(config_.parallelism);
  selection.comparisons += std::ssize(values);
}

std::int64_t TopKEngine::worst_select_cycles(std::int64_t size) const {
  std::int64_t cycles = 0;
  for (std::int64_t live = size; live >= 1; --live)
    cycles += ceil_div(live, config_.parallelism) + config_.round_cycles;
  return cycles;
}

}  // namespace hdp
