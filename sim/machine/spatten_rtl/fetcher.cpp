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
        lanes_[l].sending = false;
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
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    Lane& lane = lanes_[l];
    if (lane.ordering) {
      const std::uint32_t held =
          lane.ordered - lane.answered + ((answered_now_ >> l & 1) != 0 ? 1 : 0);
      if (held < kOrderDepth) {
        lane.ordered_at[lane.ordered++ % kOrderDepth] = now;
        lane.ordering = false;
      }
    }
    if (lane.loaded == pushed_ || lane.ordering || lane.sending) {
      // An address FIFO gives only to both registers at a time, unless its slot is disabled.
      if (lane.loaded == pushed_ || lane.ordering) continue;
      if (static_cast<std::int32_t>(l) < row(lane.loaded).enabled) continue;
    }
    const SplitRow& next = row(lane.loaded);
    if (next.pushed + 2 > now) continue;
    ++lane.loaded;
    lane.last_answered = now;
    lane.ordering = true;
    if (static_cast<std::int32_t>(l) < next.enabled) {
      lane.sending = true;
      lane.address = next.addresses[l];
      requesting_[lane.address >> 5 & static_cast<std::uint32_t>(shape_.channels - 1)] |=
          std::uint32_t{1} << l;
    }
  }
}

// A row of accesses enters all address FIFOs at a time; the first of a request brings the context.
void Fetcher::split(Time now) {
  if (split_.valid) {
    bool room = !split_.value.first || realigner_.context_room(now);
    for (const Lane& lane : lanes_) {
      const std::uint32_t held = pushed_ - lane.loaded + (lane.last_answered == now ? 1 : 0);
      room = room && held < kAddressDepth;
    }
    if (room) {
      HDP_CHECK(pushed_ - left_ < kRows, "rows on their way fit the ring");
      row(pushed_) = split_.value;
      row(pushed_).pushed = now;
      ++pushed_;
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

bool Fetcher::idle() const {
  return left_ == pushed_ && !prepared_.valid && !split_.valid && !offers_[0].valid &&
         !offers_[1].valid && realigner_.idle();
}

}  // namespace hdp::spatten_rtl
