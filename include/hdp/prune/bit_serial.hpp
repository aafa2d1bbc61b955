// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <hdp/config/field.hpp>
#include <hdp/prune/verdict.hpp>

namespace hdp {

/// What the unread bits of a key may still add: |q| of the elements whose signs agree with the
/// key's, or, looser, of all.
enum class MarginRule : std::uint8_t { SignPairs, AllMagnitudes };
template <>
struct EnumNames<MarginRule> {
  static constexpr std::array<std::string_view, 2> kNames{"sign_pairs", "all_magnitudes"};
};

/// Scores from keys in sign and magnitude, whose bits come most significant first, and given up
/// once they cannot reach a threshold any more (LeOPArd, docs/leopard.md). Steps count from 0.
struct BitSerialRule {
  std::int64_t key_bits = 12;
  std::int64_t step_bits = 2;  ///< Divides key_bits; the first step brings the sign, too.
  MarginRule margin_rule = MarginRule::SignPairs;

  [[nodiscard]] std::int64_t steps() const { return key_bits / step_bits; }
  /// Magnitude bits of a key that are not read after a step.
  [[nodiscard]] std::int64_t unread_bits(std::int64_t step) const {
    return key_bits - (step + 1) * step_bits;
  }
  /// `code` with what is read of it after a step.
  [[nodiscard]] std::int32_t known(std::int32_t code, std::int64_t step) const;
  /// The sum of |query| that a unit of unread magnitude can add; zero has the sign +.
  [[nodiscard]] std::int64_t reach(std::span<const std::int32_t> query,
                                   std::span<const std::int32_t> key) const;
  /// How far the score may be above its partial product.
  [[nodiscard]] std::int64_t margin(std::int64_t step, std::int64_t reach) const {
    return ((std::int64_t{1} << unread_bits(step)) - 1) * reach;
  }
  /// `partial`: the query times what is known of the key. A score that is complete is kept where
  /// it reaches the threshold; so are, in the end, exactly those that do.
  [[nodiscard]] Verdict judge(std::int64_t step, std::int64_t partial, std::int64_t reach,
                              std::int64_t threshold) const {
    if (partial + margin(step, reach) < threshold) return Verdict::Drop;
    return unread_bits(step) == 0 ? Verdict::Keep : Verdict::Next;
  }
};

/// A score on its way, as a bit-serial dot-product unit holds it: the bits of a key come in step by
/// step. Query and key must outlive it.
class BitSerialScore {
 public:
  BitSerialScore(const BitSerialRule& rule, std::span<const std::int32_t> query,
                 std::span<const std::int32_t> key)
      : rule_(rule), query_(query), key_(key), reach_(rule.reach(query, key)) {}

  /// Takes in the next bits and tests; not after the last.
  Verdict step(std::int64_t threshold);
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  [[nodiscard]] std::int64_t partial() const { return partial_; }
  /// After at least one step.
  [[nodiscard]] std::int64_t margin() const { return rule_.margin(steps_ - 1, reach_); }

 private:
  BitSerialRule rule_;
  std::span<const std::int32_t> query_, key_;
  std::int64_t reach_;
  std::int64_t steps_ = 0, partial_ = 0;
};

}  // namespace hdp
