// SPDX-License-Identifier: Apache-2.0
// Any DRAM under any stream: it ends, everything is served once, and skipping idle cycles changes
// nothing.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "memory/dram_bench.hpp"
#include <hdp/base/error.hpp>
#include <hdp/memory/dram_channel.hpp>
#include <hdp/memory/dram_energy.hpp>
#include <hdp/memory/dram_system.hpp>

namespace hdp {
namespace {

const std::vector<std::string> kMemories{"ddr4_2400r",        "ddr4_3200aa",     "lpddr4_3200",
                                         "hbm2_2000",         "ddr4_2400_stock", "ddr4_3200_stock",
                                         "lpddr4_2400_stock", "hbm2_stock"};

std::int64_t between(std::int64_t low, std::int64_t high) {
  return *rc::gen::inRange<std::int64_t>(low, high + 1);
}

/// The fields in any order.
std::string any_map() {
  std::vector<std::string> fields{"ro", "ra", "bg", "ba", "co", "pc", "ch"};
  std::string map;
  while (!fields.empty()) {
    const auto i =
        static_cast<std::size_t>(between(0, static_cast<std::int64_t>(fields.size()) - 1));
    const bool folds = fields[i] != "ro" && fields[i] != "co" && between(0, 3) == 0;
    map += (map.empty() ? "" : " ") + fields[i] + (folds ? "^ro" : "");
    fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return map;
}

DramConfig any_memory() {
  DramConfig config = shipped_memory(*rc::gen::elementOf(kMemories));
  config.map = any_map();
  config.controller = static_cast<DramController>(between(0, 1));
  config.scheduler = static_cast<DramScheduler>(between(0, 1));
  config.row_policy = static_cast<DramRowPolicy>(between(0, 1));
  config.refresh = between(0, 3) > 0;
  config.organisation.channels = 1 << between(0, 2);
  config.organisation.rows = 1 << between(1, 6);
  if (config.organisation.pseudo_channels == 1) config.organisation.ranks = 1 << between(0, 1);
  config.power_down.when_idle = between(0, 1) == 1;
  config.power_down.after = between(0, 200);
  config.queues.read_entries = between(1, 40);
  config.queues.write_entries = between(1, 40);
  config.queues.bank_entries = between(1, 8);
  config.queues.row_hit_cap = between(1, 6);
  config.queues.idle_drain_writes = between(0, 10);
  config.queues.write_low = static_cast<double>(between(1, 5)) / 10;
  config.queues.write_high = static_cast<double>(between(5, 10)) / 10;
  validate(config);
  return config;
}

/// Few addresses, so that requests meet; some pauses.
std::vector<DramRequest> any_stream(const DramConfig& config) {
  std::vector<DramRequest> requests;
  std::uint32_t now = 0;
  const std::int64_t writes = between(0, 100), lines = between(1, 2'000);
  const std::int64_t count = between(1, 400);
  for (std::int64_t i = 0; i < count; ++i) {
    if (between(0, 60) == 0) now += static_cast<std::uint32_t>(between(0, 30'000));
    requests.push_back({.address = static_cast<std::uint64_t>(between(0, lines)) * 64 %
                                   config.organisation.capacity_bytes(),
                        .not_before = now,
                        .write = between(0, 99) < writes});
  }
  return requests;
}

/// The lock-up that bank_queues shares with its original needs a write to a line that is read.
bool may_lock_up(const DramConfig& config, const std::vector<DramRequest>& requests) {
  if (config.controller != DramController::BankQueues) return false;
  std::set<std::uint64_t> read;
  for (const DramRequest& r : requests)
    if (!r.write) read.insert(r.address / 128);
  return std::ranges::any_of(
      requests, [&](const DramRequest& r) { return r.write && read.contains(r.address / 128); });
}

std::vector<std::int64_t> counts_of(const DramResult& result) {
  const DramStats& s = result.total;
  std::vector<std::int64_t> all{result.cycles,
                                s.reads,
                                s.writes,
                                s.row_hits,
                                s.row_misses,
                                s.row_conflicts,
                                s.read_latency.count,
                                s.waited.count,
                                s.most_waiting,
                                s.last_read_at.index,
                                s.finished_at.index,
                                s.active_standby.count,
                                s.active_power_down.count,
                                s.precharged_power_down.count,
                                s.forwarded_reads,
                                s.merged_reads,
                                s.merged_writes,
                                s.buffered_writes};
  all.insert(all.end(), s.commands.begin(), s.commands.end());
  for (const Cycles load : s.load) all.push_back(load.count);
  all.insert(all.end(), s.read_latencies.bins().begin(), s.read_latencies.bins().end());
  return all;
}

RC_GTEST_PROP(DramProperty, EveryStreamEndsAndSkippingChangesNothing, ()) {
  const DramConfig config = any_memory();
  const std::vector<DramRequest> requests = any_stream(config);
  const auto feed = static_cast<DramFeed>(between(0, 1));
  DramResult result;
  try {
    result = run_requests(config, requests, feed);
  } catch (const UserError&) {
    RC_ASSERT(may_lock_up(config, requests));
    return;
  }
  RC_ASSERT(counts_of(result) ==
            counts_of(run_requests(config, requests, feed, IdleCycles::Visit)));

  const DramStats& stats = result.total;
  const auto issued = [&](DramCommand c) { return stats.commands[index_of(c)]; };
  const auto writes = static_cast<std::int64_t>(
      std::ranges::count_if(requests, [](const DramRequest& r) { return r.write; }));
  RC_ASSERT(stats.writes == writes);
  RC_ASSERT(stats.reads == static_cast<std::int64_t>(requests.size()) - writes);
  RC_ASSERT(stats.read_latencies.count() == stats.reads);
  RC_ASSERT(issued(DramCommand::Rd) + stats.forwarded_reads + stats.merged_reads == stats.reads);
  RC_ASSERT(issued(DramCommand::Wr) + stats.merged_writes + stats.buffered_writes == stats.writes);
  RC_ASSERT(stats.buffered_writes <= config.queues.idle_drain_writes * controllers_of(config));
  RC_ASSERT(result.bandwidth_fraction(config) <= 1.0);
  for (std::size_t i = 0; i < kDramLimits; ++i)
    RC_ASSERT(result.share_of(static_cast<DramLimit>(i)) <= 1.0);
  const DramEnergy energy = energy_of(config, result);
  for (const DramEnergyLine& line : kDramEnergyLines) RC_ASSERT((energy.*line.pj) >= 0.0);
  const std::int64_t columns = issued(DramCommand::Rd) + issued(DramCommand::Wr);
  // A request is counted at its first command; bank_queues counts columns.
  RC_ASSERT(stats.row_hits + stats.row_misses + stats.row_conflicts == columns);
  RC_ASSERT(issued(DramCommand::Act) <=
            columns + issued(DramCommand::Pre) + static_cast<std::int64_t>(requests.size()));
  if (!config.refresh) {
    RC_ASSERT(issued(DramCommand::Ref) == 0);
  }
}

/// Notes what it is told.
struct Listener final : AccessListener {
  void on_done(std::uint32_t tag, Cycle at) override { told[tag].push_back(at); }
  std::map<std::uint32_t, std::vector<Cycle>> told;
};

RC_GTEST_PROP(DramProperty, EveryAccessIsToldOnceAndInTime, ()) {
  const DramConfig config = any_memory();
  const std::vector<DramRequest> requests = any_stream(config);
  if (may_lock_up(config, requests)) return;
  DramSystem system(config);
  Listener listener;
  system.set_listener(&listener);
  std::vector<Cycle> sent;
  Cycle now{};
  const auto tick = [&] {
    system.tick(now);
    now = now + Cycles{1};
  };
  for (const DramRequest& request : requests) {
    while (now.index < request.not_before) tick();
    for (int i = 0; i < 200'000 && !system.can_accept(request.address, request.write); ++i) tick();
    RC_ASSERT(system.can_accept(request.address, request.write));
    system.send(request.address, request.write, static_cast<std::uint32_t>(sent.size()), now);
    sent.push_back(now);
  }
  const Cycle end = now + Cycles{200'000};
  while (now < end && listener.told.size() < requests.size()) tick();
  RC_ASSERT(listener.told.size() == requests.size());
  for (const auto& [tag, at] : listener.told) {
    RC_ASSERT(at.size() == 1U);
    RC_ASSERT(at.front() > sent[tag]);
  }
}

}  // namespace
}  // namespace hdp
