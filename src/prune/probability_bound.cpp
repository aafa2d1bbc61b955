// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <hdp/base/check.hpp>
#include <hdp/numeric/exponential.hpp>
#include <hdp/prune/probability_bound.hpp>

namespace hdp {
namespace {

constexpr double kNearTieOfWeights = 1e-9;

/// e^x for any x; infinity where it is out of range.
double exponential_of(double x) { return x <= 0 ? exponential(x) : 1.0 / exponential(-x); }

}  // namespace

std::int64_t ProbabilityRule::unread_bits(std::int64_t chunk) const {
  return std::accumulate(chunk_bits.begin() + chunk + 1, chunk_bits.end(), std::int64_t{0});
}

void DoubleDenominator::add(bool first, std::int64_t before, std::int64_t s_min) {
  const double x = sigma_ * static_cast<double>(s_min);
  if (x > most_) {
    if (sum_ > 0) sum_ *= exponential(most_ - x);
    most_ = x;
  }
  if (!first) sum_ -= exponential(sigma_ * static_cast<double>(before) - most_);
  sum_ += exponential(x - most_);
}

bool DoubleDenominator::outweighs(std::int64_t s_max) {
  const double weight = exponential_of(sigma_ * static_cast<double>(s_max) - most_);
  const double limit = threshold_ * sum_;
  if (std::abs(weight - limit) <= kNearTieOfWeights * std::max(weight, limit)) ++near_ties_;
  return weight <= limit;
}

/// 2^logarithm in units of 2^(exponent - kSumBits), rounded down or up.
std::int64_t LutDenominator::term(std::int64_t logarithm, bool up) const {
  constexpr std::int64_t kOne = ExponentialLut::kOne;
  const std::int64_t power = ExponentialLut::power_below(logarithm & (kOne - 1))
                             << (kSumBits - ExponentialLut::kValueBits);
  const std::int64_t shift = exponent_ - (logarithm >> ExponentialLut::kIndexBits);
  if (shift > kSumBits + 1) return up ? 1 : 0;
  const std::int64_t whole = power >> shift;
  return up && (whole << shift) != power ? whole + 1 : whole;
}

void LutDenominator::add(bool first, std::int64_t before, std::int64_t s_min) {
  const std::int64_t logarithm = scale_.below(s_min);
  const std::int64_t exponent = logarithm >> ExponentialLut::kIndexBits;
  if (empty_ || exponent > exponent_) {
    const std::int64_t shift = empty_ ? 0 : exponent - exponent_;
    sum_ = shift > 62 ? 0 : sum_ >> shift;
    exponent_ = exponent;
    empty_ = false;
  }
  // The term that goes is rounded up, so that the sum stays below; and it never falls.
  const std::int64_t gone = first ? 0 : term(scale_.below(before), true);
  sum_ = std::max(sum_, sum_ - gone + term(logarithm, false));
}

bool LutDenominator::outweighs(std::int64_t s_max) const {
  const std::int64_t logarithm = scale_.above(s_max);
  if (sum_ == 0 || logarithm == DirectedScale::kFar) return false;
  return logarithm <= threshold_ + ExponentialLut::log2_below(sum_) +
                          (exponent_ - kSumBits) * ExponentialLut::kOne;
}

ProbabilityBound::ProbabilityBound(ProbabilityRule rule)
    : rule_(std::move(rule)), denominator_(DoubleDenominator(rule_.threshold, 1)) {
  HDP_CHECK(rule_.chunks() >= 1, "a key has a chunk");
}

void ProbabilityBound::begin(std::span<const std::int32_t> query, double sigma, std::int64_t keys) {
  std::int64_t positive = 0, negative = 0;
  for (const std::int32_t q : query) (q > 0 ? positive : negative) += q;
  margins_.clear();
  for (std::int64_t chunk = 0; chunk < rule_.chunks(); ++chunk) {
    const std::int64_t unread = (std::int64_t{1} << rule_.unread_bits(chunk)) - 1;
    margins_.push_back({unread * negative, unread * positive});
  }
  s_min_.assign(static_cast<std::size_t>(keys), kUnknown);
  if (rule_.exponential == ExponentialUnit::Double)
    denominator_ = DoubleDenominator(rule_.threshold, sigma);
  else
    denominator_ = LutDenominator(rule_.threshold, sigma);
}

void ProbabilityBound::learn(std::int64_t key, std::int64_t chunk, std::int64_t partial) {
  std::int64_t& known = s_min_[static_cast<std::size_t>(key)];
  const std::int64_t bound = s_min(chunk, partial);
  std::visit([&](auto& sum) { sum.add(known == kUnknown, known, bound); }, denominator_);
  known = bound;
}

Verdict ProbabilityBound::judge(std::int64_t chunk, std::int64_t partial) {
  const std::int64_t bound = s_max(chunk, partial);
  if (std::visit([&](auto& sum) { return sum.outweighs(bound); }, denominator_))
    return Verdict::Drop;
  return chunk + 1 == rule_.chunks() ? Verdict::Keep : Verdict::Next;
}

Verdict ProbabilityBound::observe(std::int64_t key, std::int64_t chunk, std::int64_t partial) {
  learn(key, chunk, partial);
  return judge(chunk, partial);
}

std::int64_t ProbabilityBound::near_ties() const {
  const auto* const sum = std::get_if<DoubleDenominator>(&denominator_);
  return sum == nullptr ? 0 : sum->near_ties();
}

}  // namespace hdp
