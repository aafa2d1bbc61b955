// SPDX-License-Identifier: Apache-2.0
#include "fetcher.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include <hdp/base/check.hpp>

namespace hdp::spatten_rtl {
namespace {

// A bit for each of the times that have come.
std::uint32_t come(const std::vector<Time>& times, Time now) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < times.size(); ++i)
    bits |= static_cast<std::uint32_t>(times[i] <= now) << i;
  return bits;
}

}  // namespace

Fetcher::Fetcher(const Shape& shape)
    : shape_(shape),
      realigner_(shape),
      rows_(kRows),
      lanes_(static_cast<std::size_t>(shape.lanes)),
      channels_(static_cast<std::size_t>(shape.channels)),
      due_(channels_.size()),
      answer_at_(channels_.size(), std::numeric_limits<Time>::max()),
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
  if (oldest.answers != shape_.lanes || oldest.answered + 2 > now) return;
  realigner_.push_row(oldest.enabled, oldest.last);
  partial_rows_ -= oldest.enabled < shape_.lanes ? 1 : 0;
  ++left_;
  left_now_ = true;
}

// The row at the head of the lane's order FIFO came two cycles ago or more, and has room to go to.
bool Fetcher::lane_takes(std::size_t number) const {
  const Lane& lane = lanes_[number];
  return lane.answered != lane.ordered - (ordered_now_ >> number & 1) &&
         lane.answered - left_ + (left_now_ ? 1 : 0) < kAnswerDepth;
}

void Fetcher::answer_lane(Time now, std::size_t number) {
  Lane& lane = lanes_[number];
  SplitRow& answered = row(lane.answered++);
  ++answered.answers;
  answered.answered = now;
  answered_now_ |= std::uint32_t{1} << number;
}

// Each channel offers its answer to the lane whose turn it is; of several the lowest channel wins.
void Fetcher::answer(Time now) {
  for (std::uint32_t left = come(answer_at_, now); left != 0; left &= left - 1) {
    const auto c = static_cast<std::size_t>(std::countr_zero(left));
    const std::size_t lane = channels_[c].answered_lane();
    if ((answered_now_ >> lane & 1) != 0) continue;
    if (!lane_takes(lane) ||
        static_cast<std::int32_t>(lane) >= row(lanes_[lane].answered).enabled) {
      continue;
    }
    answer_lane(now, lane);
    channels_[c].take_answer(now);
    answer_at_[c] = channels_[c].answer_at();
    if (!channels_[c].ready()) due_[c] = now;
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
    if (lane_takes(l)) answer_lane(now, l);
  }
}

// The address crossbar: the lowest lane wins, and a channel stays with its choice until it takes
// the address.
void Fetcher::send(Time now) {
  for (std::uint32_t left = requested_ | come(due_, now); left != 0; left &= left - 1) {
    const auto c = static_cast<std::size_t>(std::countr_zero(left));
    MemoryChannel& channel = channels_[c];
    if (requesting_[c] != 0) {
      if (granted_[c] < 0) granted_[c] = std::countr_zero(requesting_[c]);
      if (channel.ready()) {
        const auto l = static_cast<std::size_t>(granted_[c]);
        channel.request(lanes_[l].address >> (5 + shape_.channel_bits) << 5, l, now);
        sending_ &= ~(std::uint32_t{1} << l);
        requesting_[c] &= ~(std::uint32_t{1} << l);
        if (requesting_[c] == 0) requested_ &= ~(std::uint32_t{1} << c);
        granted_[c] = -1;
      }
    }
    due_[c] = channel.tick(now);
    answer_at_[c] = channel.answer_at();
  }
}

void Fetcher::load(Time now) {
  ordered_now_ = 0;
  // A lane whose address waits cannot go on, unless it has no part in its next row.
  std::uint32_t lanes = loading_;
  if (partial_rows_ == 0) lanes &= ordering_ | ~sending_;
  for (; lanes != 0; lanes &= lanes - 1)
    load_lane(now, static_cast<std::size_t>(std::countr_zero(lanes)));
}

void Fetcher::load_lane(Time now, std::size_t number) {
  const std::uint32_t bit = std::uint32_t{1} << number;
  Lane& lane = lanes_[number];
  if ((ordering_ & bit) != 0) {
    const std::uint32_t held = lane.ordered - lane.answered + (answered_now_ >> number & 1);
    if (held == kOrderDepth) return;
    ++lane.ordered;
    ordered_now_ |= bit;
    ordering_ &= ~bit;
  }
  if (lane.loaded == visible_) {
    if (lane.loaded == pushed_) loading_ &= ~bit;
    return;
  }
  // An address FIFO gives only to both registers at a time, unless its slot is disabled.
  SplitRow& next = row(lane.loaded);
  const bool enabled = static_cast<std::int32_t>(number) < next.enabled;
  if (enabled && (sending_ & bit) != 0) return;
  ++lane.loaded;
  ++next.loads;
  next.loaded = now;
  ordering_ |= bit;
  if (!enabled) return;
  sending_ |= bit;
  lane.address = next.addresses[number];
  const std::uint32_t channel = lane.address >> 5 & static_cast<std::uint32_t>(shape_.channels - 1);
  requesting_[channel] |= bit;
  requested_ |= std::uint32_t{1} << channel;
}

// Every lane has loaded the row whose place a new one takes, before this cycle.
bool Fetcher::address_room(Time now) {
  if (pushed_ < kAddressDepth) return true;
  const SplitRow& oldest = row(pushed_ - kAddressDepth);
  return oldest.loads == shape_.lanes && oldest.loaded < now;
}

// A row of accesses enters all address FIFOs at a time; the first of a request brings the context.
void Fetcher::split(Time now) {
  visible_ = pushed_;
  if (split_) {
    const SplitRow& next = row(pushed_);
    if (address_room(now) && (!next.first || realigner_.context_room(now))) {
      HDP_CHECK(pushed_ - left_ < kRows - 2, "rows on their way fit the ring");
      ++pushed_;
      partial_rows_ += next.enabled < shape_.lanes ? 1 : 0;
      loading_ = ~std::uint32_t{0} >> (kMostLanes - lanes_.size());
      if (next.first) realigner_.push_context(next.context, now);
      split_ = false;
    }
  }
  if (prepared_ && !split_) {
    split_ = true;
    prepared_ = false;
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
  if (prepared_) return;
  const FetchRow& from = offer.value;
  SplitRow& next = row(pushed_ + (split_ ? 1 : 0));
  next.loads = next.answers = 0;
  const std::int32_t base = sub_row_ * shape_.lanes;
  next.enabled = std::clamp(from.count * from.accesses - base, 0, shape_.lanes);
  auto vector = static_cast<std::size_t>(base / from.accesses);
  std::int32_t access = base % from.accesses;
  for (std::size_t lane = 0; lane < static_cast<std::size_t>(next.enabled); ++lane) {
    next.addresses[lane] = from.addresses[vector] + 32 * static_cast<std::uint32_t>(access);
    if (++access < from.accesses) continue;
    access = 0;
    ++vector;
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
  prepared_ = true;
}

}  // namespace hdp::spatten_rtl
