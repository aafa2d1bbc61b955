// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/head_work.hpp>
#include <hdp/numeric/fixed_point.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/problem.hpp>
#include <hdp/workload/trace.hpp>

namespace hdp {

/// How a layer lies in SRAM and DRAM under a configuration: bytes of rows, what stays resident,
/// where tensors start. Made once a layer.
struct Layout {
  LayerShape shape;
  OperandWidths qk_widths;
  std::int64_t word_bits = 16;
  std::int64_t integer_row_bytes = 0, fraction_row_bytes = 0, word_row_bytes = 0;
  std::int64_t score_bits = 16;
  bool keep_scores = false;
  bool q_int_resident = false, k_int_resident = false, k_frac_resident = false, k_resident = false,
       v_resident = false;
  /// First byte of each tensor; heads follow each other.
  std::uint64_t q_int = 0, q_frac = 0, k_int = 0, k_frac = 0, q = 0, k = 0, v = 0, out = 0;
  std::uint64_t end = 0;  ///< Behind the last one.
};

/// The layout of a layer whose largest problem is `largest`; tensors lie from `start` on, a
/// multiple of 4096. UserError where the SRAMs of the machine cannot hold what must be held.
Layout make_layout(const HdpConfig& config, const LayerShape& shape, const Problem& largest,
                   FixedPoint qk_format, std::uint64_t start = 0);

/// Turns decisions and shapes into cycles, bytes and traffic, strip by strip. Scratch is kept.
class Lowering {
 public:
  explicit Lowering(const HdpConfig& config);
  Lowering(Lowering&&) noexcept;
  Lowering& operator=(Lowering&&) noexcept;
  ~Lowering();

  /// A head that HDP has planned.
  void hdp(const Layout& layout, std::int64_t layer, std::int64_t head, const HdpPlan& plan,
           HeadWork& work);
  /// Dense attention of a head.
  void dense(const Layout& layout, std::int64_t layer, std::int64_t head, const Problem& problem,
             HeadWork& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp
