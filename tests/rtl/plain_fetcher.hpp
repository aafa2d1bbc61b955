// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "plain_buffer.hpp"
#include "plain_channel.hpp"
#include "plain_parts.hpp"

namespace hdp::test::plain {

struct FetchContext {
  bool value = false;
  int pop = 0;  // elements that make two buffer lines
};

/// Addresses of up to CH vectors.
struct FetchRow {
  FetchContext context;
  int transactions = 1;  // F, per vector
  bool first = false, last = false;
  std::vector<std::uint32_t> addresses;

  void add(std::uint32_t base, std::span<const int> indexes, int vector_bits) {
    for (const int i : indexes) {
      addresses.push_back(base + static_cast<unsigned>(i * vector_bits * 8));
    }
  }
};

/// The matrix fetcher, its crossbar and the memory (B4 to B7).
class Fetcher {
 public:
  Fetcher(int lanes, int channels, int multipliers)
      : lanes_(static_cast<std::size_t>(lanes)), channels_(static_cast<std::size_t>(channels)) {
    element_bits_ = std::gcd(lanes * 256, 4 * multipliers);
    line_pair_ = 2 * multipliers;
    push_ = lanes * 256 / element_bits_;
  }

  std::array<std::optional<FetchRow>, 2> requests;  // 0: keys, 1: values
  std::int64_t reads = 0;
  Cycle last_read = 0;

  FetchRow row(bool value, int bits, int fused, bool first) const {
    return {{value, bits * line_pair_ / element_bits_}, bits * fused / 4, first, false, {}};
  }

  /// Arbiter to address FIFOs. Their room is registered, so this may run before the loaders.
  void issue(Cycle now) {
    const auto full = [&](const Lane& lane) { return !lane.addresses.room(now); };
    if (split_ && std::none_of(lanes_.begin(), lanes_.end(), full) &&
        (!split_->context || contexts_.room(now))) {
      for (std::size_t k = 0; k < lanes_.size(); ++k) {
        lanes_[k].addresses.push(split_->slots[k], now);
      }
      if (split_->context) contexts_.push(*split_->context, now);
      split_.reset();
    }
    advance(prepared_, split_);
    const int source = arbiter_.pick(requests[0].has_value(), requests[1].has_value());
    if (source < 0 || prepared_) return;
    std::optional<FetchRow>& row = at(requests, source);
    prepared_.emplace();
    if (row->first && sub_row_ == 0) prepared_->context = row->context;
    const int f = row->transactions;
    const int lanes = static_cast<int>(lanes_.size());
    for (int k = 0; k < lanes; ++k) {
      const int t = k + sub_row_ * lanes;
      Slot slot{t / f < static_cast<int>(row->addresses.size()), row->last && sub_row_ + 1 == f, 0};
      if (slot.enabled) {
        slot.address = at(row->addresses, t / f) + 32U * static_cast<unsigned>(t % f);
      }
      prepared_->slots.push_back(slot);
    }
    if (++sub_row_ < f) return;
    sub_row_ = 0;
    arbiter_.locked = !row->last;
    row.reset();
  }

  /// Channels to the write data registers of the two buffers. Not in the notes: the two ports
  /// have a data register each and fill them independently.
  void collect(Buffer& keys, Buffer& values, Cycle now) {
    if (converted_) {
      Buffer& buffer = *converted_ ? values : keys;
      for (int p = 0; p < 2; ++p) {
        ports_.branch(p, [&] { return put(at(buffer.write_data, p), true); });
      }
      if (ports_.finished()) converted_.reset();
    }
    advance(aligned_, converted_);
    realign(now);
    const auto has = [&](const Lane& lane) { return lane.responses.has(now); };
    if (exit_.empty() && std::all_of(lanes_.begin(), lanes_.end(), has)) {
      for (Lane& lane : lanes_) exit_.push_back(lane.responses.pop(now));
    }
    respond(now);
    request(now);
  }

 private:
  struct Slot {
    bool enabled = false, last = false;
    std::uint32_t address = 0;
  };
  struct SubRow {
    std::vector<Slot> slots;
    std::optional<FetchContext> context;  // with a request's first only
  };
  struct Lane {
    Fifo<Slot> addresses{16}, requests{64}, responses{64};
    std::optional<Slot> request;
    std::optional<std::uint32_t> address;  // the AR register
  };
  struct Element {
    bool pad = false, last = false;
  };

  void realign(Cycle now) {
    const int size = static_cast<int>(elements_.size());
    if (contexts_.has(now) && size >= contexts_.front().pop) {
      const FetchContext context = contexts_.front();
      const bool pad = elements_.front().pad;
      if (pad || put(aligned_, context.value)) {
        const Element end = at(elements_, context.pop - 1);
        elements_.erase(elements_.begin(), elements_.begin() + context.pop);
        if (!pad && (end.last || end.pad)) contexts_.pop(now);
      }
    }
    const int capacity = 2 * std::max(push_, 8 * line_pair_ / element_bits_);
    if (exit_.empty() || size + push_ > capacity) return;
    const std::size_t width = lanes_.size() / static_cast<std::size_t>(push_);
    for (std::size_t i = 0; i < lanes_.size(); i += width) {
      const bool pad = !exit_[i].enabled;
      const bool row_end = i + width == lanes_.size();
      const bool end = row_end ? exit_[i].last : !exit_[i + width].enabled;
      elements_.push_back({pad, !pad && end});
    }
    exit_.clear();
  }

  /// Every lane takes from the lowest channel that has something for it, in its own order.
  void respond(Cycle now) {
    for (int k = 0; k < static_cast<int>(lanes_.size()); ++k) {
      Lane& lane = at(lanes_, k);
      if (lane.requests.has(now) && lane.responses.room(now) &&
          (!lane.requests.front().enabled || take(k, now))) {
        lane.responses.push(lane.requests.pop(now), now);
      }
      if (lane.request && lane.requests.room(now)) {
        lane.requests.push(*lane.request, now);
        lane.request.reset();
      }
    }
  }

  bool take(int lane, Cycle now) {
    const auto mine = [&](const Channel& c) { return c.response == lane; };
    const auto channel = std::find_if(channels_.begin(), channels_.end(), mine);
    if (channel == channels_.end()) return false;
    channel->response.reset();
    last_read = now;
    ++reads;
    return true;
  }

  /// The lowest lane wins a channel and keeps it until it is accepted.
  void request(Cycle now) {
    const int channels = static_cast<int>(channels_.size());
    for (int k = 0; Lane & lane : lanes_) {
      if (lane.address) put(at(grants_, static_cast<int>(*lane.address >> 5) % channels), k);
      ++k;
    }
    for (int c = 0; c < channels; ++c) {
      Channel& channel = at(channels_, c);
      if (at(grants_, c) && !channel.request) {
        const int k = *std::exchange(at(grants_, c), std::nullopt);
        std::optional<std::uint32_t>& address = at(lanes_, k).address;
        channel.accept(k, *address / (32U * static_cast<unsigned>(channels)) * 32U);
        address.reset();
      }
      channel.clock(now);
    }
    for (Lane& lane : lanes_) {
      if (!lane.addresses.has(now) || lane.request) continue;
      if (lane.addresses.front().enabled && lane.address) continue;
      lane.request = lane.addresses.pop(now);
      if (lane.request->enabled) lane.address = lane.request->address;
    }
  }

  int element_bits_, line_pair_, push_, sub_row_ = 0;
  Arbiter arbiter_{true};
  std::optional<SubRow> prepared_, split_;
  Fifo<FetchContext> contexts_{16};
  std::vector<Lane> lanes_;
  std::vector<Channel> channels_;
  std::array<std::optional<int>, 16> grants_;
  std::vector<Slot> exit_;
  std::deque<Element> elements_;
  std::optional<bool> aligned_, converted_;  // true: values
  Fork<2> ports_;
};

}  // namespace hdp::test::plain
