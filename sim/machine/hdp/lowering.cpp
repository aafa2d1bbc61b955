// SPDX-License-Identifier: Apache-2.0
#include "machine/hdp/slice_scratch.hpp"
#include <hdp/base/check.hpp>
#include <hdp/machine/hdp/lowering.hpp>

namespace hdp {

struct Lowering::State {
  explicit State(const HdpConfig& config) : slice(config) {}
  SliceScratch slice;
};

Lowering::Lowering(const HdpConfig& config) : state_(std::make_unique<State>(config)) {}
Lowering::Lowering(Lowering&&) noexcept = default;
Lowering& Lowering::operator=(Lowering&&) noexcept = default;
Lowering::~Lowering() = default;

void Lowering::lower(const Layout& layout, const SliceInput& input, SliceWork& work) {
  SliceScratch& slice = state_->slice;
  slice.begin(layout, input, work);
  HDP_CHECK(slice.order.size() == slice.strips.size() || layout.late_decision,
            "a head is pruned only where its decision is waited for");
  lower_strips(slice);
  lower_values(slice);
  lower_fractions(slice);
  lower_tiles(slice);
  lower_stores(slice);
}

std::vector<Slice> slices_of(const Layout& layout, std::span<const std::int32_t> heads) {
  const std::int64_t group = layout.shape.heads / layout.shape.kv_heads;
  std::vector<Slice> slices;
  for (std::size_t h = 0; h < heads.size(); ++h) {
    const bool first_of_group = h == 0 || heads[h] / group != heads[h - 1] / group;
    if (first_of_group || static_cast<std::int64_t>(slices.back().count) == layout.slice_heads)
      slices.push_back({h, 0, first_of_group && layout.appends});
    ++slices.back().count;
  }
  return slices;
}

}  // namespace hdp
