// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "memory/dram_router.hpp"
#include <hdp/memory/dram_channel.hpp>
#include <hdp/memory/dram_system.hpp>

namespace hdp {
namespace {

struct Lane {
  std::unique_ptr<DramChannel> channel;
  Cycle tick_at{};

  void tick() {
    const Cycle now = tick_at;
    channel->tick(now);
    tick_at = channel->next_event(now);
  }
  void run_until(Cycle end) {
    while (tick_at < end) tick();
  }
  /// Writes what is buffered, from `now` on; the cycle after the last tick that did so. Gives up at
  /// `limit`.
  Cycle drain(Cycle now, Cycle limit) {
    if (channel->buffered_writes() == 0) return now;
    channel->drain_writes(now);
    tick_at = now;
    while (channel->buffered_writes() > 0 && tick_at < limit) {
      now = tick_at + Cycles{1};
      tick();
    }
    return now;
  }
};

/// Of the configuration, once it has been found valid.
const DramConfig& validated(const DramConfig& config) {
  validate(config);
  return config;
}

}  // namespace

struct DramSystem::State final : AccessListener {
  State(const DramConfig& of, DramSystem& system)
      : use{.config = validated(of), .result = {}},
        router(of),
        lanes(static_cast<std::size_t>(controllers_of(of))),
        owner(system),
        routed(router.route(access.address, access.write, access)) {
    for (Lane& lane : lanes) {
      lane.channel = make_dram_channel(of);
      lane.channel->set_listener(this);
    }
  }

  /// Where an access goes; `access` is it, but for its tag. Each is asked for, perhaps again and
  /// again, and then sent: it is routed once.
  Lane& route(std::uint64_t address, bool write) {
    if (address != access.address || write != access.write)
      routed = router.route(address, write, access);
    return lanes[routed];
  }

  void on_done(std::uint32_t tag, Cycle at) override { owner.tell(tag, at); }

  DramUse use;
  DramRouter router;
  std::vector<Lane> lanes;
  DramSystem& owner;
  DramAccess access;   ///< The last one that has been routed.
  std::size_t routed;  ///< The lane that it goes to.
  Cycle drained_at{};  ///< After close(): behind the last write, or the end of the run.
  std::int64_t drained_writes = 0;
};

DramSystem::DramSystem(const DramConfig& config) : state_(std::make_unique<State>(config, *this)) {}
DramSystem::~DramSystem() = default;

std::int64_t DramSystem::access_bytes() const {
  return state_->use.config.organisation.access_bytes();
}
std::int64_t DramSystem::tck_ps() const { return state_->use.config.timing.tck_ps; }

std::uint64_t DramSystem::capacity_bytes() const {
  return state_->use.config.organisation.capacity_bytes();
}

bool DramSystem::can_accept(std::uint64_t address, bool write) const {
  return state_->route(address, write).channel->can_accept(state_->access);
}

void DramSystem::send(std::uint64_t address, bool write, std::uint32_t tag, Cycle now) {
  Lane& lane = state_->route(address, write);
  state_->access.tag = tag;
  lane.channel->send(state_->access, now);
  lane.tick_at = now;
}

void DramSystem::tick(Cycle now) {
  for (Lane& lane : state_->lanes) {
    if (lane.tick_at > now) continue;
    lane.channel->tick(now);
    lane.tick_at = lane.channel->next_event(now);
  }
}

Cycle DramSystem::next_event(Cycle /*now*/) const {
  Cycle next = kNever;
  for (const Lane& lane : state_->lanes) next = std::min(next, lane.tick_at);
  return next;
}

const DramUse* DramSystem::close(Cycle end) {
  DramResult& result = state_->use.result;
  const Cycle limit = end + Cycles{1'000 * state_->use.config.timing.refi};
  Cycle& last = state_->drained_at;
  last = std::max(last, end);
  for (Lane& lane : state_->lanes) {
    state_->drained_writes += lane.channel->buffered_writes();
    last = std::max(last, lane.drain(end, limit));
    state_->drained_writes -= lane.channel->buffered_writes();
  }
  result = {.cycles = end.index,
            .drained_writes = state_->drained_writes,
            .drain_cycles = (last - end).count,
            .total = {}};
  for (Lane& lane : state_->lanes) {
    lane.run_until(last);
    result.total.add(lane.channel->close(last));
  }
  return &state_->use;
}

}  // namespace hdp
