// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp {

/// The softmax unit (sim/units/softmax_unit.md) is a stream unit: rows of scores stream in, the
/// probabilities of a strip follow latency_cycles later.
struct SoftmaxConfig {
  std::int64_t lanes = 8;
  std::int64_t latency_cycles = 87;

  static constexpr auto kFields = std::tuple{
      Field{&SoftmaxConfig::lanes, "lanes", "scores/cycle", "Scores taken a cycle.",
            Range{1, 4096}},
      Field{&SoftmaxConfig::latency_cycles, "latency_cycles", "cycles",
            "Pipeline from the last score of a strip to its probabilities; the stages of SpAtten's "
            "published behaviour model are 87 together.",
            Range{1, 4096}}};
};

/// Cycles that the unit is taken by one row of `entries` scores.
Cycles softmax_row_cycles(const SoftmaxConfig& config, std::int64_t entries);

}  // namespace hdp
