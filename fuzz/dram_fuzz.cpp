// SPDX-License-Identifier: Apache-2.0
// Request streams on DRAMs of any legal settings: all is answered and accounted for, or the lock-up
// that bank_queues shares with its original is told as such.
//   {"memory": {a memory's file}, "stream": {its settings, below}}
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "mutate.hpp"
#include "settings_file.hpp"
#include "targets.hpp"
#include <hdp/config/facts_text.hpp>
#include <hdp/config/schema.hpp>
#include <hdp/memory/dram_channel.hpp>
#include <hdp/memory/dram_energy.hpp>
#include <hdp/memory/dram_run.hpp>
#include <hdp/report/dram_report.hpp>

namespace hdp::fuzz {
namespace {

/// Few addresses, so that requests meet; some pauses.
struct Stream {
  DramFeed feed = DramFeed::Inorder;
  std::int64_t requests = 60, lines = 40, stride = 64;
  double writes = 0.4, pauses = 0.05;
  std::int64_t pause = 500, seed = 1;

  static constexpr auto kFields = std::tuple{
      Field{&Stream::feed, "feed", "", "Who waits for whom."},
      Field{&Stream::requests, "requests", "", "How many.", Range{1, 300}},
      Field{&Stream::lines, "lines", "", "Addresses.", Range{1, 1 << 20}},
      Field{&Stream::stride, "stride", "bytes", "From one address to the next.", Range{1, 1 << 30}},
      Field{&Stream::writes, "writes", "", "Share of writes.", Range{0, 1}},
      Field{&Stream::pauses, "pauses", "", "Share of requests before which there is a pause.",
            Range{0, 1}},
      Field{&Stream::pause, "pause", "cycles", "Longest pause.", Range{0, 30'000}},
      Field{&Stream::seed, "seed", "", "Of the stream.", Range{0, 1e6}}};
};

struct Scene {
  DramConfig memory;
  Stream stream;
  static constexpr auto kFields =
      std::tuple{Field{&Scene::memory, "memory", "", "The DRAM."},
                 Field{&Scene::stream, "stream", "", "What is asked of it."}};
};

std::vector<DramRequest> requests_of(const Scene& scene) {
  const Stream& stream = scene.stream;
  RandomStream random(static_cast<std::uint64_t>(stream.seed), "stream");
  const std::uint64_t capacity = scene.memory.organisation.capacity_bytes();
  std::vector<DramRequest> requests;
  std::uint32_t now = 0;
  for (std::int64_t i = 0; i < stream.requests; ++i) {
    if (random.uniform() < stream.pauses)
      now += static_cast<std::uint32_t>(between(random, 0, stream.pause));
    const auto line = static_cast<std::uint64_t>(between(random, 0, stream.lines - 1));
    requests.push_back({.address = line * static_cast<std::uint64_t>(stream.stride) % capacity,
                        .not_before = now,
                        .write = random.uniform() < stream.writes});
  }
  return requests;
}

/// A write to a line that is read.
bool may_lock_up(const DramConfig& config, const std::vector<DramRequest>& requests) {
  if (config.controller != DramController::BankQueues) return false;
  const auto access = static_cast<std::uint64_t>(config.organisation.access_bytes());
  std::set<std::uint64_t> read;
  for (const DramRequest& r : requests)
    if (!r.write) read.insert(r.address / access);
  return std::ranges::any_of(
      requests, [&](const DramRequest& r) { return r.write && read.contains(r.address / access); });
}

void expect_account(const DramConfig& config, const std::vector<DramRequest>& requests,
                    const DramResult& result) {
  const DramStats& stats = result.total;
  const auto issued = [&](DramCommand c) { return stats.commands[index_of(c)]; };
  const auto writes = static_cast<std::int64_t>(
      std::ranges::count_if(requests, [](const DramRequest& r) { return r.write; }));
  expect(stats.writes == writes && stats.reads + writes == std::ssize(requests),
         "every request is accepted");
  expect(stats.read_latencies.count() == stats.reads, "every read is answered");
  expect(issued(DramCommand::Rd) + stats.forwarded_reads + stats.merged_reads == stats.reads,
         "a read is on the bus, forwarded or merged");
  expect(issued(DramCommand::Wr) + stats.merged_writes + stats.buffered_writes == stats.writes,
         "a write is on the bus, merged or buffered");
  expect(stats.buffered_writes <= config.queues.idle_drain_writes * controllers_of(config),
         "few writes stay buffered");
  expect(result.moved_bytes(config) == config.organisation.access_bytes() *
                                           (issued(DramCommand::Rd) + issued(DramCommand::Wr)),
         "bytes move in bursts");
  expect(result.bandwidth_fraction(config) <= 1, "no more than the peak");
  for (std::size_t i = 0; i < kDramLimits; ++i) {
    const double share = result.share_of(static_cast<DramLimit>(i));
    expect(share >= 0 && share <= 1, "a share is between 0 and 1");
  }
  const DramEnergy energy = energy_of(config, result);
  for (const DramEnergyLine& line : kDramEnergyLines)
    expect(std::isfinite(energy.*line.pj) && energy.*line.pj >= 0, "no energy is below 0");
}

std::optional<DramResult> played(const Scene& scene, const std::vector<DramRequest>& requests,
                                 IdleCycles idle) {
  std::optional<DramResult> result;
  if (!accepts([&] { result = run_requests(scene.memory, requests, scene.stream.feed, idle); }))
    expect(may_lock_up(scene.memory, requests), "only bank_queues locks up, on certain streams");
  return result;
}

bool play(std::string_view input) {
  Scene scene;
  if (!reads(input, scene) || !accepts([&] { validate(scene.memory); })) return false;
  constexpr std::int64_t kMostControllers = 64;
  if (controllers_of(scene.memory) > kMostControllers) return false;  // only slow
  const std::vector<DramRequest> requests = requests_of(scene);
  // A lock-up is told after a thousand refreshes: only slow.
  if (may_lock_up(scene.memory, requests)) {
    scene.memory.refresh = false;
    scene.memory.timing.refi = scene.memory.timing.rfc = 1;
  }
  const auto result = played(scene, requests, IdleCycles::Skip);
  if (!result) return true;
  expect_account(scene.memory, requests, *result);
  const auto report = [&](const DramResult& of) {
    return dram_json({scene.memory, scene.stream.feed, "stream", of});
  };
  const std::string text = report(*result);
  (void)dram_text({scene.memory, scene.stream.feed, "stream", *result});
  constexpr std::int64_t kFewCycles = 20'000;
  if (result->cycles * controllers_of(scene.memory) > kFewCycles) return true;
  const auto visited = played(scene, requests, IdleCycles::Visit);
  expect(visited && report(*visited) == text, "skipping idle cycles changes nothing");
  return true;
}

std::string mutate(std::string_view input, RandomStream& random) {
  static const Facts kSchema = *parse_facts(write_schema<Scene>("scene"), "schema").as<Facts>();
  return mutate_document(input, kSchema, random);
}

}  // namespace

const Target kDram{"dram", play, mutate, 12'000};

}  // namespace hdp::fuzz
