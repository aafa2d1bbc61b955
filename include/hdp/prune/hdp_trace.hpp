// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <hdp/numeric/fixed_point.hpp>
#include <hdp/numeric/matrix.hpp>
#include <hdp/prune/hdp_settings.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// Fixed-point formats that a trace is read with: those set, or those that its values ask for.
struct HdpFormats {
  FixedPoint qk, v;
  friend bool operator==(const HdpFormats&, const HdpFormats&) = default;
};

/// Resolves `fraction_bits: auto` over the whole trace, or over all of them together. UserError
/// where chunks do not add up to them.
HdpFormats hdp_formats(const Trace& trace, const HdpSettings& settings);
HdpFormats hdp_formats(std::span<const Trace> traces, const HdpSettings& settings);

/// Formats that Q and K of some trace may get: the one set, or all that auto chooses from.
std::vector<FixedPoint> possible_formats(const HdpSettings& settings);

/// A stored tensor of one head as codes, and its planes.
struct HdpPlanes {
  Matrix<std::int32_t> code, integer, fraction;  ///< [rows, d]; fraction only where asked for.
  std::int64_t saturated = 0;
  bool integer_is_zero = false;
};

/// One query head of a trace, in fixed point; a tensor stored as integers is codes times scale.
/// Storage is kept from head to head.
class HdpHead {
 public:
  /// Reads query head `head`; K and V come from its kv head. Fraction planes and V are for scores
  /// and outputs only: `with_values` false leaves them out (V is still counted for saturation).
  void load(const Trace& trace, std::int64_t layer, std::int64_t head, const HdpFormats& formats,
            const HdpSettings& settings, bool with_values);

  HdpPlanes q, k;
  Matrix<double> v;  ///< Fixed-point values [n_k, d].
  std::int64_t v_saturated = 0;
  std::int64_t d = 0;
  std::int64_t fraction_bits = 0;

 private:
  void load_planes(const Trace& trace, std::int64_t layer, TensorKind kind, std::int64_t stored,
                   FixedPoint format, const HdpSettings& settings, bool with_fraction,
                   HdpPlanes& planes);

  Matrix<double> values_;
  Matrix<std::int32_t> v_code_;
};

}  // namespace hdp
