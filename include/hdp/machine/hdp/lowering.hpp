// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <hdp/machine/hdp/config.hpp>
#include <hdp/machine/hdp/layout.hpp>
#include <hdp/machine/hdp/slice_work.hpp>
#include <hdp/prune/hdp_plan.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp {

/// Query heads that go to a core together, as places in a list of heads.
struct Slice {
  std::size_t first = 0, count = 0;
  bool appends = false;  ///< The first slice of its K and V.
};

/// Cuts ascending query heads into slices of those that share K and V.
std::vector<Slice> slices_of(const Layout& layout, std::span<const std::int32_t> heads);

/// The live heads of one slice and what was planned for them.
struct SliceInput {
  std::int64_t sequence = 0, layer = 0;
  std::span<const std::int32_t> heads;
  std::span<const HdpPlan> plans;  ///< By place in `heads`; none: dense attention.
  Problem problem;
  bool appends = false;
};

/// Turns decisions and shapes into cycles, bytes and words, strip by strip. Scratch is kept.
class Lowering {
 public:
  explicit Lowering(const HdpConfig& config);
  Lowering(Lowering&&) noexcept;
  Lowering& operator=(Lowering&&) noexcept;
  ~Lowering();

  void lower(const Layout& layout, const SliceInput& input, SliceWork& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp
