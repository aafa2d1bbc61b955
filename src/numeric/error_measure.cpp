// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>

#include <hdp/base/check.hpp>
#include <hdp/numeric/error_measure.hpp>

namespace hdp {

void ErrorMeasure::add(std::span<const double> out, std::span<const double> reference) {
  HDP_CHECK(out.size() == reference.size(), "one reference per value");
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double gap = out[i] - reference[i];
    difference_ += gap * gap;
    out_ += out[i] * out[i];
    reference_ += reference[i] * reference[i];
    dot_ += out[i] * reference[i];
  }
}

void ErrorMeasure::add(const ErrorMeasure& other) {
  difference_ += other.difference_;
  out_ += other.out_;
  reference_ += other.reference_;
  dot_ += other.dot_;
}

std::optional<double> ErrorMeasure::relative_frobenius() const {
  if (reference_ == 0 || !std::isfinite(difference_) || !std::isfinite(reference_))
    return std::nullopt;
  return std::sqrt(difference_) / std::sqrt(reference_);
}

std::optional<double> ErrorMeasure::cosine() const {
  if (reference_ == 0 || out_ == 0 || !std::isfinite(reference_) || !std::isfinite(out_))
    return std::nullopt;
  return dot_ / (std::sqrt(out_) * std::sqrt(reference_));
}

double ErrorMeasure::out_norm() const { return std::sqrt(out_); }

}  // namespace hdp
