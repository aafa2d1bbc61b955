// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/numeric/split.hpp>

namespace hdp {

/// What becomes of a pruned but allowed entry: out of the softmax, or in it with score 0.
enum class Masked { Exclude, Zero };
template <>
struct EnumNames<Masked> {
  static constexpr std::array<std::string_view, 2> kNames{"exclude", "zero"};
};

/// How the integer scores of a block add up: by magnitude (HDP's), or with their sign (ours).
enum class Importance { Absolute, Signed };
template <>
struct EnumNames<Importance> {
  static constexpr std::array<std::string_view, 2> kNames{"absolute", "signed"};
};

/// Which blocks of a row stay: those that reach a threshold (HDP's), or so many of the most
/// important (ours: every row keeps the same share).
enum class PruneRule { Threshold, TopK };
template <>
struct EnumNames<PruneRule> {
  static constexpr std::array<std::string_view, 2> kNames{"threshold", "top_k"};
};

/// rho that prunes no block, for the least importance of a row is its threshold; tau that prunes no
/// head.
inline constexpr double kNoBlock = -0.999;
inline constexpr double kNoHead = -1;

/// Probability estimation behind blocks and heads (ours, after Token-Picker).
struct HdpProbability {
  double threshold = 1e-3;
  std::vector<std::int64_t> chunk_bits;

  static constexpr auto kFields = std::tuple{
      Field{&HdpProbability::threshold, "threshold", "",
            "Kept entries whose probability cannot exceed it are given up.", Range{0, 1, true}},
      Field{&HdpProbability::chunk_bits, "chunk_bits", "bits",
            "Chunks in which the fraction bits of a key are read, most significant first; they add "
            "up to the fraction bits in use. []: all of them at once.",
            Range{1, 23}}};
};

/// Settings of HDP's integer-guided block and head pruning (docs/hdp.md).
struct HdpSettings {
  std::int64_t word_bits = 16;
  std::optional<std::int64_t> fraction_bits = 12;  ///< Nothing: chosen from the values.
  double max_saturated = 1e-4;
  SplitMode split = SplitMode::Trunc;
  std::int64_t block_size = 2;
  PruneRule rule = PruneRule::Threshold;
  double rho = 0.2;
  double keep = 0.3;
  double tau = -1.0;
  bool approximation = true;
  Masked masked = Masked::Exclude;
  Importance importance = Importance::Absolute;
  OptionalGroup<HdpProbability> probability{};

  /// Blocks that rule top_k keeps of `blocks` in a row.
  [[nodiscard]] std::int64_t kept_of(std::int64_t blocks) const {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(keep * static_cast<double>(blocks)));
  }

  static constexpr auto kFields = std::tuple{
      Field{&HdpSettings::word_bits, "word_bits", "bits", "Width of the codes of Q, K and V.",
            Range{4, 24}},
      Field{&HdpSettings::fraction_bits, "fraction_bits", "bits",
            "Fraction bits of the codes; auto takes, for Q and K together and for V, the most of "
            "word_bits-8 .. word_bits-3 that saturate at most max_saturated of the values.",
            Range{0, 23}},
      Field{&HdpSettings::max_saturated, "max_saturated", "share",
            "Share of the values that fraction_bits auto lets saturate.", Range{0, 1}},
      Field{&HdpSettings::split, "split", "",
            "How a code splits into integer and fraction plane: towards zero, down, to nearest."},
      Field{&HdpSettings::block_size, "block_size", "entries",
            "Rows and columns of a block of scores.", Range{1, 1024}, Source::Recalled},
      Field{&HdpSettings::rule, "rule", "",
            "Which blocks of a row stay: those that reach the threshold of rho, or the share keep "
            "of the most important (top_k, ours: all rows keep as much).",
            Range{}, Source::Recalled},
      Field{&HdpSettings::rho, "rho", "",
            "Row threshold: between the mean and the maximum of the row's block importances if "
            "positive, between the minimum and the mean if negative.",
            Range{-1, 1, true}},
      Field{&HdpSettings::keep, "keep", "share",
            "Blocks of a row that rule top_k keeps, rounded down, at least one, ties to the lower "
            "column; above 0.",
            Range{0, 1}},
      Field{&HdpSettings::tau, "tau", "integer score",
            "Head threshold on the mean absolute integer score of an entry; negative: no head is "
            "pruned.",
            Range{-1e12, 1e12}},
      Field{&HdpSettings::approximation, "approximation", "",
            "Leave out the fraction x fraction product of kept scores.", Range{}, Source::Recalled},
      Field{&HdpSettings::masked, "masked", "",
            "Pruned entries leave the softmax (exclude) or take part with score 0 (zero)."},
      Field{&HdpSettings::importance, "importance", "",
            "Block importance from magnitudes (HDP's rule as recalled) or signed scores (ours: "
            "most dot "
            "products of real models are negative, and a large negative one means a small "
            "probability).",
            Range{}, Source::Recalled},
      Field{
          &HdpSettings::probability, "probability", "",
          "Probability estimation on the entries of kept blocks (ours): fraction bits of keys are "
          "read chunk by chunk while the probability may exceed a threshold, V only then. Needs "
          "split=floor and masked=exclude; null: off."}};
};

/// Throws UserError where settings contradict each other (fraction_bits against word_bits),
/// where keep is 0, and where probability lacks what it needs.
void validate(const HdpSettings& settings);

/// The chunks of a probability stage, now that the fraction bits are known; UserError where they do
/// not add up to them.
std::vector<std::int64_t> fraction_chunks(const HdpSettings& settings, std::int64_t fraction_bits);

IgnoredSettings ignored_settings(const HdpSettings& settings);

}  // namespace hdp
