// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/memory/dram_system.hpp>
#include <hdp/memory/ideal_memory.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/memory_adapter.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 6> kMemoryCounters{
    {{"reads", "requests", "Read requests taken."},
     {"writes", "requests", "Write requests taken."},
     {"read_bytes", "bytes", "Bytes that read requests asked for."},
     {"written_bytes", "bytes", "Bytes that write requests brought."},
     {"moved_bytes", "bytes",
      "Bytes of whole accesses, which requests are cut into; of a DRAM, of its data bursts."},
     {"own_cycles", "memory cycles", "Length of the run on the DRAM's own clock."}}};

}  // namespace

const UnitKind& memory_kind() {
  static constexpr UnitKind kKind{"memory", "The memory behind all ports of a machine.",
                                  std::span(kMemoryCounters).first<5>()};
  return kKind;
}

const UnitKind& dram_kind() {
  static constexpr UnitKind kKind{"memory", "A DRAM behind all ports of a machine.",
                                  kMemoryCounters};
  return kKind;
}

UnitReport Memory::report() const {
  const MemoryStats& s = stats();
  if (const DramUse* use = dram())
    return account(
        time(), EnumNames<MemoryWait>::kNames,
        {s.reads, s.writes, s.read_bytes, s.written_bytes, s.moved_bytes, use->result.cycles});
  return account(time(), EnumNames<MemoryWait>::kNames,
                 {s.reads, s.writes, s.read_bytes, s.written_bytes, s.moved_bytes});
}

void validate(const MemoryConfig& config) {
  if (config.ideal()) return;
  if (config.model != kInlineDram)
    throw UserError({.path = "/memory/model",
                     .problem = fmt::format("\"{}\" has not been resolved", config.model),
                     .allowed = fmt::format("{}, {}", kIdealMemory, kInlineDram)});
  try {
    validate(config.dram);
  } catch (const UserError& mistake) {
    Mistake placed = mistake.mistake();
    placed.path = "/memory/dram" + placed.path;
    throw UserError(std::move(placed));
  }
}

IgnoredSettings ignored_settings(const MemoryConfig& config) {
  IgnoredSettings ignored;
  if (config.ideal()) {
    add_ignored(ignored, {"dram"}, "the memory is ideal", "model=dram");
  } else {
    add_ignored(ignored, {"bandwidth_mb_per_s", "latency_cycles"},
                "the memory is a DRAM, whose organisation and timing say it", "model=ideal");
    add_ignored(ignored, "dram", ignored_settings(config.dram));
  }
  return ignored;
}

double peak_bytes_per_s(const MemoryConfig& config) {
  return config.ideal() ? 1e6 * static_cast<double>(config.ideal_bandwidth())
                        : 1e9 * peak_gb_per_s(config.dram);
}

MemoryConfig with_peak(MemoryConfig config, double bytes_per_s) {
  if (config.ideal()) {
    config.bandwidth_mb_per_s = std::max<std::int64_t>(1, std::llround(bytes_per_s * 1e-6));
    return config;
  }
  std::int64_t& channels = config.dram.organisation.channels;
  const double of_one = peak_bytes_per_s(config) / static_cast<double>(channels);
  channels = nearest_power_of_two(bytes_per_s / of_one);
  return config;
}

std::unique_ptr<Memory> make_memory(const MemoryConfig& config, std::int64_t clock_mhz,
                                    std::vector<TransferPort*> ports,
                                    std::unique_ptr<MemorySimulator> foreign) {
  if (foreign)
    return std::make_unique<MemoryAdapter>("memory", std::move(foreign), clock_mhz,
                                           std::move(ports));
  validate(config);
  if (config.ideal())
    return std::make_unique<IdealMemory>("memory", config, clock_mhz, std::move(ports));
  return std::make_unique<MemoryAdapter>("memory", std::make_unique<DramSystem>(config.dram),
                                         clock_mhz, std::move(ports));
}

template Section bind<MemoryConfig>(MemoryConfig&);

}  // namespace hdp
