// SPDX-License-Identifier: Apache-2.0
#include "fetcher.hpp"

#include <algorithm>
#include <bit>

#include <hdp/base/check.hpp>

namespace hdp::spatten_rtl {

Fetcher::Fetcher(const Shape& shape)
    : shape_(shape),
      realigner_(shape),
      rows_(kRows),
      lanes_(static_cast<std::size_t>(shape.lanes)),
      channels_(static_cast<std::size_t>(shape.channels)),
      orders_(channels_.size(), StreamFifo<std::uint8_t>(64)),
      requesting_(channels_.size()),
      granted_(channels_.size(), -1) {}

void Fetcher::step(Time now) {
  realigner_.step(now);
  leave(now);
  answered_now_ = 0;
  answer(now);
  pass_disabled(now);
  send(now);
  load(now);
  split(now);
  arbitrate();
}

// The barrier: a row leaves when every lane's answer lies at the head of its FIFO.
void Fetcher::leave(Time now) {
  left_now_ = false;
  if (left_ == pushed_ || !realigner_.row_ready()) return;
  const SplitRow& oldest = row(left_);
  if (oldest.answers != shape_.lanes || oldest.complete + 2 > now) return;
  realigner_.push_row(oldest.enabled, oldest.last);
  partial_rows_ -= oldest.enabled < shape_.lanes ? 1 : 0;
  ++left_;
  left_now_ = true;
}

bool Fetcher::lane_takes(Time now, const Lane& lane) const {
  return lane.answered != lane.ordered && lane.ordered_at[lane.answered % kOrderDepth] + 2 <= now &&
         lane.answered - left_ + (left_now_ ? 1 : 0) < kAnswerDepth;
}

void Fetcher::answer_lane(Time now, std::size_t number) {
  Lane& lane = lanes_[number];
  SplitRow& answered = row(lane.answered++);
  ++answered.answers;
  answered.complete = now;
  answered_now_ |= std::uint32_t{1} << number;
}

// Each channel offers its answer to the lane whose turn it is; of several the lowest channel wins.
void Fetcher::answer(Time now) {
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    if (!channels_[c].answer() || !orders_[c].can_pop(now)) continue;
    const std::size_t lane = orders_[c].front();
    if ((answered_now_ >> lane & 1) != 0) continue;
    if (!lane_takes(now, lanes_[lane]) ||
        static_cast<std::int32_t>(lane) >= row(lanes_[lane].answered).enabled) {
      continue;
    }
    answer_lane(now, lane);
    channels_[c].take_answer();
    orders_[c].pop(now);
    ++reads_;
  }
}

// A lane that has no part in a row passes it on without data.
void Fetcher::pass_disabled(Time now) {
  if (partial_rows_ == 0) return;
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    const Lane& lane = lanes_[l];
    if ((answered_now_ >> l & 1) != 0 || lane.answered == lane.ordered) continue;
    if (static_cast<std::int32_t>(l) < row(lane.answered).enabled) continue;
    if (lane_takes(now, lane)) answer_lane(now, l);
  }
}

// The address crossbar: the lowest lane wins, and a channel stays with its choice until it takes
// the address.
void Fetcher::send(Time now) {
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    bool came = false;
    std::uint32_t address = 0;
    if (requesting_[c] != 0) {
      if (granted_[c] < 0) granted_[c] = std::countr_zero(requesting_[c]);
      if (channels_[c].ready()) {
        const auto l = static_cast<std::size_t>(granted_[c]);
        address = lanes_[l].address >> (5 + shape_.channel_bits) << 5;
        sending_ &= ~(std::uint32_t{1} << l);
        requesting_[c] &= ~(std::uint32_t{1} << l);
        granted_[c] = -1;
        orders_[c].push(static_cast<std::uint8_t>(l), now);
        came = true;
      }
    }
    channels_[c].tick(now, came, address);
  }
}

void Fetcher::load(Time now) {
  // A lane whose address waits cannot go on, unless it has no part in its next row.
  std::uint32_t lanes = loading_;
  if (partial_rows_ == 0) lanes &= ordering_ | ~sending_;
  for (; lanes != 0; lanes &= lanes - 1) {
    const auto l = static_cast<std::size_t>(std::countr_zero(lanes));
    const std::uint32_t bit = std::uint32_t{1} << l;
    Lane& lane = lanes_[l];
    if ((ordering_ & bit) != 0) {
      const std::uint32_t held =
          lane.ordered - lane.answered + ((answered_now_ >> l & 1) != 0 ? 1 : 0);
      if (held == kOrderDepth) continue;
      lane.ordered_at[lane.ordered++ % kOrderDepth] = now;
      ordering_ &= ~bit;
    }
    if (lane.loaded == pushed_) {
      loading_ &= ~bit;
      continue;
    }
    // An address FIFO gives only to both registers at a time, unless its slot is disabled.
    const SplitRow& next = row(lane.loaded);
    const bool enabled = static_cast<std::int32_t>(l) < next.enabled;
    if (next.pushed + 2 > now || (enabled && (sending_ & bit) != 0)) continue;
    ++lane.loaded;
    lane.last_loaded = now;
    ordering_ |= bit;
    if (!enabled) continue;
    sending_ |= bit;
    lane.address = next.addresses[l];
    requesting_[lane.address >> 5 & static_cast<std::uint32_t>(shape_.channels - 1)] |= bit;
  }
}

// A row of accesses enters all address FIFOs at a time; the first of a request brings the context.
void Fetcher::split(Time now) {
  if (split_.valid) {
    bool room = !split_.value.first || realigner_.context_room(now);
    for (auto lane = lanes_.begin(); room && lane != lanes_.end(); ++lane)
      room = pushed_ - lane->loaded + (lane->last_loaded == now ? 1 : 0) < kAddressDepth;
    if (room) {
      HDP_CHECK(pushed_ - left_ < kRows, "rows on their way fit the ring");
      row(pushed_) = split_.value;
      row(pushed_).pushed = now;
      ++pushed_;
      partial_rows_ += split_.value.enabled < shape_.lanes ? 1 : 0;
      loading_ = ~std::uint32_t{0} >> (kMostLanes - lanes_.size());
      if (split_.value.first) realigner_.push_context(split_.value.context, now);
      split_.valid = false;
    }
  }
  if (prepared_.valid && split_.ready()) {
    split_.load(prepared_.value);
    prepared_.valid = false;
  }
}

// Round robin between keys and values, locked for a whole request.
void Fetcher::arbitrate() {
  std::size_t port = last_port_;
  if (!locked_) {
    port = 1 - last_port_;
    if (!offers_[port].valid) port = last_port_;
  }
  Register<FetchRow>& offer = offers_[port];
  if (!offer.valid) return;
  last_port_ = port;
  locked_ = true;
  if (!prepared_.ready()) return;
  const FetchRow& from = offer.value;
  SplitRow next;
  const std::int32_t base = sub_row_ * shape_.lanes;
  next.enabled = std::clamp(from.count * from.accesses - base, 0, shape_.lanes);
  for (std::int32_t lane = 0; lane < next.enabled; ++lane) {
    const std::int32_t access = base + lane;
    next.addresses[static_cast<std::size_t>(lane)] =
        from.addresses[static_cast<std::size_t>(access / from.accesses)] +
        32 * static_cast<std::uint32_t>(access % from.accesses);
  }
  next.context = from.context;
  next.first = from.first && sub_row_ == 0;
  const bool end = ++sub_row_ == from.accesses;
  next.last = end && from.last;
  if (end) {
    sub_row_ = 0;
    if (from.last) locked_ = false;
    offer.valid = false;
  }
  prepared_.load(next);
}

}  // namespace hdp::spatten_rtl
