// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "memory/dram_router.hpp"
#include <hdp/base/error.hpp>
#include <hdp/memory/dram_channel.hpp>
#include <hdp/memory/dram_run.hpp>

namespace hdp {
namespace {

/// Longer than any chain of commands, and any wait for a refresh.
Cycles patience(const DramTiming& t) {
  const std::int64_t chain = t.refi + t.rfc + t.rc + t.rp + t.ppd + t.faw + t.xp + t.cl + t.burst +
                             t.wr + t.rtp + t.ccd_l + t.rrd_l + t.wtr_l + t.rank_switch +
                             t.read_to_write;
  return Cycles{1'000 * chain};
}

void refuse_what_lies_behind(std::uint64_t capacity, std::span<const DramRequest> requests) {
  const auto behind =
      std::ranges::find_if(requests, [=](const DramRequest& r) { return r.address >= capacity; });
  if (behind != requests.end())
    throw UserError({.path = fmt::format("request {}", behind - requests.begin()),
                     .problem = fmt::format("address {}", behind->address),
                     .allowed = fmt::format("addresses below {}, the capacity", capacity)});
}

struct RunLane {
  std::unique_ptr<DramChannel> channel;
  Cycle tick_at{};
};

/// Plays one queue of requests, each of which waits for the one before it, on the channels it goes
/// to. Queues that share no channel do not know of each other's time.
class Player {
 public:
  Player(const DramRouter& router, std::span<RunLane> lanes, std::size_t first_lane,
         std::span<const DramRequest> requests, std::vector<std::uint32_t> queue,
         const DramConfig& config, IdleCycles idle)
      : router_(router),
        lanes_(lanes),
        first_lane_(first_lane),
        requests_(requests),
        queue_(std::move(queue)),
        stall_after_{patience(config.timing)},
        idle_(idle) {}

  /// Plays to its end, and returns the number of ticks.
  Cycle play() {
    for (Cycle end = ends_at(); now_ < end; end = ends_at()) step(end);
    return now_;
  }

  /// Until then the run waited for requests to come, however fast the memory.
  [[nodiscard]] Cycle arrivals() const { return arrivals_; }

  /// Goes on, without requests, until `end`.
  void idle_until(Cycle end) {
    while (now_ < end) step(end);
  }

 private:
  void step(Cycle end) {
    Cycle next = idle_ == IdleCycles::Visit ? now_ + Cycles{1} : kNever;
    while (sent_ < queue_.size()) {
      const Cycle not_before{requests_[queue_[sent_]].not_before};
      if (now_ < not_before) {
        next = std::min(next, not_before);
        break;
      }
      if (!offer(queue_[sent_])) break;
    }
    for (RunLane& lane : lanes_) {
      if (lane.tick_at <= now_ || idle_ == IdleCycles::Visit) {
        lane.channel->tick(now_);
        lane.tick_at = lane.channel->next_event(now_);
      }
      next = std::min(next, lane.tick_at);
    }
    if (sent_ < queue_.size() && drained())
      arrivals_ = std::max(arrivals_, Cycle{requests_[queue_[sent_]].not_before});
    if (end == kNever) end = ends_at();
    next = std::min(next, end);
    if (next == kNever || now_ >= check_at_) check_progress(next);
    now_ = next;
  }

  bool offer(std::size_t request) {
    if (lane_ == nullptr) {
      const DramRequest& next = requests_[request];
      lane_ = &lanes_[router_.route(next.address, next.write, access_) - first_lane_];
      access_.tag = static_cast<std::uint32_t>(request);
    }
    if (!lane_->channel->can_accept(access_)) return false;
    lane_->channel->send(access_, now_);
    lane_->tick_at = now_;
    lane_ = nullptr;
    ++sent_;
    last_sent_at_ = now_;
    return true;
  }

  /// The number of ticks of the run, as far as it is known.
  [[nodiscard]] Cycle ends_at() const {
    if (sent_ < queue_.size() || !drained()) return kNever;
    return std::max(last_sent_at_, finished_at()) + Cycles{1};
  }

  [[nodiscard]] bool drained() const {
    return std::ranges::all_of(lanes_, [](const RunLane& lane) { return lane.channel->drained(); });
  }

  [[nodiscard]] Cycle finished_at() const {
    Cycle last{-1};
    for (const RunLane& lane : lanes_) last = std::max(last, lane.channel->finished_at());
    return last;
  }

  // Refresh goes on for ever, also where a controller has locked itself up.
  void check_progress(Cycle next) {
    const Cycle progress = std::max(last_sent_at_, finished_at());
    const bool waits = sent_ == queue_.size() || requests_[queue_[sent_]].not_before <= now_.index;
    if (next == kNever || (waits && progress == progress_ && ends_at() == kNever))
      throw UserError({.path = "/controller",
                       .problem = "locked up: no request makes progress after cycle " +
                                  std::to_string(progress.index)});
    progress_ = waits ? progress : Cycle{-2};
    check_at_ = now_ + stall_after_;
  }

  const DramRouter& router_;
  std::span<RunLane> lanes_;
  std::size_t first_lane_;
  std::span<const DramRequest> requests_;
  std::vector<std::uint32_t> queue_;
  Cycles stall_after_;
  IdleCycles idle_;

  Cycle now_{}, last_sent_at_{-1}, arrivals_{};
  Cycle check_at_{}, progress_{-2};
  std::size_t sent_ = 0;
  RunLane* lane_ = nullptr;  ///< Of the next request, null where it has not been looked at.
  DramAccess access_{};
};

/// The indices of the requests, cut into one queue or into one a channel.
std::vector<std::vector<std::uint32_t>> queues_of(const DramRouter& router, std::size_t lanes,
                                                  std::span<const DramRequest> requests,
                                                  DramFeed feed) {
  std::vector<std::vector<std::uint32_t>> queues(feed == DramFeed::Perchan ? lanes : 1);
  for (std::size_t i = 0; i < requests.size(); ++i)
    queues[feed == DramFeed::Perchan ? router.lane_of(requests[i].address) : 0].push_back(
        static_cast<std::uint32_t>(i));
  return queues;
}

}  // namespace

DramResult run_requests(const DramConfig& config, std::span<const DramRequest> requests,
                        DramFeed feed, IdleCycles idle) {
  validate(config);
  refuse_what_lies_behind(config.organisation.capacity_bytes(), requests);
  const DramRouter router(config);
  std::vector<RunLane> lanes(static_cast<std::size_t>(controllers_of(config)));
  for (RunLane& lane : lanes) lane.channel = make_dram_channel(config);
  auto queues = queues_of(router, lanes.size(), requests, feed);
  const std::size_t share = lanes.size() / queues.size();
  std::vector<Player> players;
  Cycle end{}, arrivals{};
  for (std::size_t i = 0; i < queues.size(); ++i) {
    players.emplace_back(router, std::span(lanes).subspan(i * share, share), i * share, requests,
                         std::move(queues[i]), config, idle);
    const Cycle ended = players.back().play();
    if (ended >= end) arrivals = players.back().arrivals();
    end = std::max(end, ended);
  }
  for (Player& player : players) player.idle_until(end);

  DramResult result{.cycles = end.index, .total = {}};
  for (RunLane& lane : lanes) result.total.add(lane.channel->close(end));
  result.total.load[static_cast<std::size_t>(DramLimit::Arrivals)] = arrivals - Cycle{};
  return result;
}

}  // namespace hdp
