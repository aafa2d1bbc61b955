// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

namespace hdp {

/// How far an output is from its reference, over all values added so far.
class ErrorMeasure {
 public:
  void add(std::span<const double> out, std::span<const double> reference);
  /// Joins the values of another measure, after the own ones.
  void add(const ErrorMeasure& other);

  /// |out - ref| / |ref|, Frobenius; nothing where |ref| is 0 or a sum of squares
  /// leaves the range of doubles.
  [[nodiscard]] std::optional<double> relative_frobenius() const;
  /// Cosine of the flattened matrices; nothing where a norm is 0 or leaves the range.
  [[nodiscard]] std::optional<double> cosine() const;
  /// Frobenius norm of out.
  [[nodiscard]] double out_norm() const;

 private:
  double difference_ = 0, out_ = 0, reference_ = 0, dot_ = 0;
};

}  // namespace hdp
