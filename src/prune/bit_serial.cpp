// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdlib>

#include <hdp/base/check.hpp>
#include <hdp/prune/bit_serial.hpp>

namespace hdp {

std::int32_t BitSerialRule::known(std::int32_t code, std::int64_t step) const {
  const std::int64_t unread = unread_bits(step);
  const std::int32_t magnitude = (std::abs(code) >> unread) << unread;
  return code < 0 ? -magnitude : magnitude;
}

std::int64_t BitSerialRule::reach(std::span<const std::int32_t> query,
                                  std::span<const std::int32_t> key) const {
  std::int64_t sum = 0;
  for (std::size_t e = 0; e < query.size(); ++e)
    if (margin_rule == MarginRule::AllMagnitudes || (query[e] < 0) == (key[e] < 0))
      sum += std::abs(query[e]);
  return sum;
}

Verdict BitSerialScore::step(std::int64_t threshold) {
  HDP_CHECK(steps_ < rule_.steps(), "a key has no further bits");
  const std::int64_t unread = rule_.unread_bits(steps_);
  const std::int64_t magnitude_bits = rule_.step_bits - (steps_ == 0 ? 1 : 0);  // of this step
  const std::int32_t mask = (std::int32_t{1} << magnitude_bits) - 1;
  for (std::size_t e = 0; e < key_.size(); ++e) {
    const std::int64_t bits = (std::abs(key_[e]) >> unread) & mask;
    partial_ += (key_[e] < 0 ? -query_[e] : query_[e]) * (bits << unread);
  }
  return rule_.judge(steps_++, partial_, reach_, threshold);
}

}  // namespace hdp
