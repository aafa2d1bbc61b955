// SPDX-License-Identifier: Apache-2.0
#include "realigner.hpp"

#include <algorithm>

#include <hdp/base/check.hpp>

namespace hdp::spatten_rtl {

namespace {

std::array<std::int32_t, 9> pops_of(const Shape& shape) {
  std::array<std::int32_t, 9> pops{};
  for (const std::size_t bits : {4U, 6U, 8U})
    pops[bits] = shape.pop_elements(static_cast<std::int32_t>(bits));
  return pops;
}

}  // namespace

Realigner::Realigner(const Shape& shape)
    : shape_(shape),
      push_(shape.push_elements()),
      pop_(pops_of(shape)),
      capacity_(2 * std::max(push_, pop_[8])) {
  HDP_CHECK(capacity_ <= static_cast<std::int32_t>(elements_.size()), "the realigner holds them");
}

void Realigner::step(Time now) {
  if (cut_.valid && converted_.ready()) {
    converted_.load(cut_.value);
    cut_.valid = false;
  }
  const std::int32_t old_size = size_;
  if (contexts_.can_pop(now)) {
    const FetchContext context = contexts_.front();
    const std::int32_t take = pop_[static_cast<std::uint8_t>(context.bits)];
    const auto element = [&](std::int32_t i) {
      return elements_[(head_ + static_cast<std::uint32_t>(i)) % elements_.size()];
    };
    const bool pad = size_ > 0 && element(0).pad;
    if (size_ >= take && (pad || cut_.ready())) {
      if (!pad) {
        const Element end = element(take - 1);
        if (end.last || end.pad) contexts_.pop(now);
        cut_.load(context.matrix);
      }
      head_ += static_cast<std::uint32_t>(take);
      size_ -= take;
    }
  }
  if (row_.valid && old_size + push_ <= capacity_) push_elements();
}

void Realigner::push_elements() {
  for (std::int32_t i = 0; i < push_; ++i) {
    const auto enabled = [&](std::int32_t j) {
      return j * shape_.lanes_per_element < row_.value.enabled;
    };
    const bool pad = !enabled(i);
    const bool last = !pad && (i + 1 < push_ ? !enabled(i + 1) : row_.value.last);
    elements_[(head_ + static_cast<std::uint32_t>(size_ + i)) % elements_.size()] = {pad, last};
  }
  size_ += push_;
  row_.valid = false;
}

}  // namespace hdp::spatten_rtl
