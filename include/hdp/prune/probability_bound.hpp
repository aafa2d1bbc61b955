// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/numeric/exponential_lut.hpp>
#include <hdp/prune/verdict.hpp>

namespace hdp {

/// What computes exp and ln where probabilities are estimated: doubles, or tables whose rounding
/// keeps the estimate safe.
enum class ExponentialUnit : std::uint8_t { Double, Lut };
template <>
struct EnumNames<ExponentialUnit> {
  static constexpr std::array<std::string_view, 2> kNames{"double", "lut"};
};

/// When a key is given up before its softmax (Token-Picker).
struct ProbabilityRule {
  double threshold = 1e-3;                        ///< Probabilities up to it go; in (0, 1).
  std::vector<std::int64_t> chunk_bits{4, 4, 4};  ///< Of a key's code, most significant first.
  ExponentialUnit exponential = ExponentialUnit::Double;

  [[nodiscard]] std::int64_t chunks() const { return std::ssize(chunk_bits); }
  /// Bits of a key that are not read after that chunk, counted from 0.
  [[nodiscard]] std::int64_t unread_bits(std::int64_t chunk) const;
};

/// A lower bound of a softmax's denominator, sum of exp(sigma * s_min), in double and relative to
/// its largest term.
class DoubleDenominator {
 public:
  DoubleDenominator(double threshold, double sigma) : threshold_(threshold), sigma_(sigma) {}
  /// A term that grows from exp(sigma * before); `first`: it was not there.
  void add(bool first, std::int64_t before, std::int64_t s_min);
  /// exp(sigma * s_max) <= threshold * sum.
  [[nodiscard]] bool outweighs(std::int64_t s_max);
  /// Tests that another double computation could decide the other way.
  [[nodiscard]] std::int64_t near_ties() const { return near_ties_; }

 private:
  double threshold_, sigma_;
  double most_ = -std::numeric_limits<double>::infinity();  ///< Largest sigma * s_min.
  double sum_ = 0;
  std::int64_t near_ties_ = 0;
};

/// The same in fixed point: terms and sum are rounded down, what is tested up.
class LutDenominator {
 public:
  LutDenominator(double threshold, double sigma)
      : threshold_(ExponentialLut::log2_below(threshold)), scale_(sigma) {}
  void add(bool first, std::int64_t before, std::int64_t s_min);
  [[nodiscard]] bool outweighs(std::int64_t s_max) const;

 private:
  static constexpr std::int64_t kSumBits = 24;  ///< Of the sum's fraction, in 2^exponent.
  [[nodiscard]] std::int64_t term(std::int64_t logarithm, bool up) const;

  std::int64_t threshold_;  ///< As a logarithm of 1 / 256 to base 2.
  DirectedScale scale_;
  bool empty_ = true;
  std::int64_t exponent_ = 0;  ///< Of the largest term.
  std::int64_t sum_ = 0;
};

/// Probability estimation for one query after another, a chunk of a key at a time. In whatever
/// order chunks come (those of one key in their own), no key whose probability is above the
/// threshold is dropped (papers/tokenpicker.md, section 2; docs/token_picker.md).
class ProbabilityBound {
 public:
  explicit ProbabilityBound(ProbabilityRule rule);

  /// The next query meets keys [0, keys); their scores are worth sigma each.
  void begin(std::span<const std::int32_t> query, double sigma, std::int64_t keys);
  /// A chunk of a key is there. `partial`: the product of the query with the key's code, bits that
  /// are not read 0. observe = learn, then the test.
  Verdict observe(std::int64_t key, std::int64_t chunk, std::int64_t partial);
  void learn(std::int64_t key, std::int64_t chunk, std::int64_t partial);
  Verdict judge(std::int64_t chunk, std::int64_t partial);

  /// The bounds of a score, given `partial` after `chunk`.
  [[nodiscard]] std::int64_t s_min(std::int64_t chunk, std::int64_t partial) const {
    return partial + margins_[static_cast<std::size_t>(chunk)].least;
  }
  [[nodiscard]] std::int64_t s_max(std::int64_t chunk, std::int64_t partial) const {
    return partial + margins_[static_cast<std::size_t>(chunk)].most;
  }
  [[nodiscard]] const ProbabilityRule& rule() const { return rule_; }
  /// Of this query; 0 with tables, which decide on integers.
  [[nodiscard]] std::int64_t near_ties() const;

 private:
  /// What the unread bits of a key can add to its product with the query.
  struct Margin {
    std::int64_t least = 0, most = 0;
  };
  static constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::min();

  ProbabilityRule rule_;
  std::vector<Margin> margins_;      ///< By chunk.
  std::vector<std::int64_t> s_min_;  ///< By key, as it is in the denominator.
  std::variant<DoubleDenominator, LutDenominator> denominator_;
};

}  // namespace hdp
