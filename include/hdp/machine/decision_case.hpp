// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <hdp/base/facts.hpp>
#include <hdp/config/field.hpp>
#include <hdp/workload/trace.hpp>
#include <hdp/workload/weights.hpp>

namespace hdp {

/// What `prune` decides on: the Q, K and V of a trace, or matrices of weights.
enum class DecidesOn : std::uint8_t { Trace, Weights };
template <>
struct EnumNames<DecidesOn> {
  static constexpr std::array<std::string_view, 2> kNames{"a trace", "weights"};
};

/// A list of settings for `prune`, read, ready to decide.
class DecisionCase {
 public:
  virtual ~DecisionCase() = default;
  /// All settings, defaults filled in.
  [[nodiscard]] virtual Facts settings() const = 0;
  [[nodiscard]] virtual DecidesOn decides_on() const { return DecidesOn::Trace; }
  /// What it decides, of a trace `causal` first; the result does not depend on the number of
  /// threads. LogicFault for what it does not decide on.
  [[nodiscard]] virtual Facts decide(const Trace& trace, unsigned threads) const;
  [[nodiscard]] virtual Facts decide_on_weights(const Weights& weights, unsigned threads) const;
};

}  // namespace hdp
