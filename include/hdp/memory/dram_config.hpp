// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/config/section.hpp>
#include <hdp/memory/dram_currents.hpp>
#include <hdp/memory/dram_interface.hpp>
#include <hdp/memory/dram_timing.hpp>

namespace hdp {

enum class DramController : std::uint8_t { FrfcfsSharedQueue, BankQueues };
template <>
struct EnumNames<DramController> {
  static constexpr std::array<std::string_view, 2> kNames{"frfcfs_shared_queue", "bank_queues"};
};

enum class DramScheduler : std::uint8_t { Frfcfs, FrfcfsRowHit };
template <>
struct EnumNames<DramScheduler> {
  static constexpr std::array<std::string_view, 2> kNames{"frfcfs", "frfcfs_row_hit"};
};

/// Open: rows stay open until another one is wanted. Closed: every read and write closes its row
/// (auto-precharge).
enum class DramRowPolicy : std::uint8_t { Open, Closed };
template <>
struct EnumNames<DramRowPolicy> {
  static constexpr std::array<std::string_view, 2> kNames{"open", "closed"};
};

/// What a device is made of. Every count is a power of two.
struct DramOrganisation {
  std::int64_t channels = 1, pseudo_channels = 1, ranks = 1;
  std::int64_t bank_groups = 4, banks_per_group = 4;
  std::int64_t rows = 65'536, columns = 1'024;
  std::int64_t bus_bytes = 8, burst_length = 8, transfers_per_cycle = 2, devices_per_rank = 8;

  [[nodiscard]] std::int64_t access_bytes() const { return bus_bytes * burst_length; }
  [[nodiscard]] std::int64_t accesses_per_row() const { return columns / burst_length; }
  [[nodiscard]] std::int64_t banks_per_rank() const { return bank_groups * banks_per_group; }
  /// From a row of a bank to the next row of the same bank, where the row is the highest field.
  [[nodiscard]] std::int64_t row_stride_bytes() const {
    return channels * pseudo_channels * ranks * banks_per_rank() * columns * bus_bytes;
  }

  [[nodiscard]] std::uint64_t capacity_bytes() const {
    return static_cast<std::uint64_t>(row_stride_bytes()) * static_cast<std::uint64_t>(rows);
  }

  static constexpr auto kFields = std::tuple{
      Field{&DramOrganisation::channels, "channels", "", "Independent channels.", Range{1, 1024}},
      Field{&DramOrganisation::pseudo_channels, "pseudo_channels", "",
            "Halves of a channel that share its command buses.", Range{1, 8}},
      Field{&DramOrganisation::ranks, "ranks", "", "Ranks of a channel.", Range{1, 16}},
      Field{&DramOrganisation::bank_groups, "bank_groups", "", "Bank groups of a rank.",
            Range{1, 16}},
      Field{&DramOrganisation::banks_per_group, "banks_per_group", "", "Banks of a group.",
            Range{1, 32}},
      Field{&DramOrganisation::rows, "rows", "", "Rows of a bank.", Range{1, 1 << 30}},
      Field{&DramOrganisation::columns, "columns", "", "Bus-wide columns of a row.",
            Range{1, 1 << 20}},
      Field{&DramOrganisation::bus_bytes, "bus_bytes", "bytes",
            "Width of the data bus of a (pseudo-)channel.", Range{1, 1024}},
      Field{&DramOrganisation::burst_length, "burst_length", "transfers",
            "Transfers of a column command; an access has bus_bytes * burst_length bytes.",
            Range{1, 64}},
      Field{&DramOrganisation::transfers_per_cycle, "transfers_per_cycle", "transfers",
            "Of the data bus in a cycle of the command clock: timing.burst * this = burst_length.",
            Range{1, 16}},
      Field{&DramOrganisation::devices_per_rank, "devices_per_rank", "",
            "Devices that share a rank's bus, for the energy.", Range{1, 64}}};
};

/// Sizes of the controllers' queues.
struct DramQueues {
  std::int64_t read_entries = 32, write_entries = 32, bank_entries = 8;
  double write_high = 0.8, write_low = 0.2;
  std::int64_t row_hit_cap = 4, idle_drain_writes = 8;

  static constexpr auto kFields = std::tuple{
      Field{&DramQueues::read_entries, "read_entries", "requests", "Reads that wait in a channel.",
            Range{1, 4096}},
      Field{&DramQueues::write_entries, "write_entries", "requests",
            "Writes that wait in a channel.", Range{1, 4096}},
      Field{&DramQueues::bank_entries, "bank_entries", "requests",
            "Requests in the queue of a bank (bank_queues).", Range{1, 64}},
      Field{&DramQueues::write_high, "write_high", "share of write_entries",
            "Above this writes go first (frfcfs_shared_queue).", Range{0, 1}},
      Field{&DramQueues::write_low, "write_low", "share of write_entries",
            "Below this reads go first again (frfcfs_shared_queue); at 0 they never would.",
            Range{0, 1, true}},
      Field{&DramQueues::row_hit_cap, "row_hit_cap", "accesses",
            "A row that has served this many may be closed despite waiting hits (bank_queues).",
            Range{1, 1 << 20}},
      Field{&DramQueues::idle_drain_writes, "idle_drain_writes", "requests",
            "More writes than this are drained when the banks have nothing to do (bank_queues).",
            Range{0, 4096}}};
};

/// A DRAM and its controller: one file of configs/memories.
struct DramConfig {
  std::string name = "dram";
  std::string standard = "DDR4";
  std::string source;
  DramController controller = DramController::FrfcfsSharedQueue;
  DramScheduler scheduler = DramScheduler::Frfcfs;
  DramRowPolicy row_policy = DramRowPolicy::Open;
  std::string map = "ro ba ra co bg pc ch";
  bool refresh = true;
  DramOrganisation organisation;
  DramTiming timing;
  DramQueues queues;
  DramCurrents currents;
  DramInterface interface;
  DramPowerDown power_down;

  static constexpr auto kFields = std::tuple{
      Field{&DramConfig::name, "name", "", "How reports call it."},
      Field{&DramConfig::standard, "standard", "", "DDR4, LPDDR4, HBM2, ..."},
      Field{&DramConfig::source, "source", "", "Where the values come from."},
      Field{&DramConfig::controller, "controller", "",
            "frfcfs_shared_queue: first ready, first come over one list of reads and one of "
            "writes; bank_queues: a queue a bank, visited round robin."},
      Field{&DramConfig::scheduler, "scheduler", "",
            "Of frfcfs_shared_queue: frfcfs_row_hit keeps a row open while an older hit waits."},
      Field{&DramConfig::row_policy, "row_policy", "",
            "open: a row stays open until another one is wanted; closed: every read and write "
            "closes its row (auto-precharge)."},
      Field{&DramConfig::map, "map", "",
            "Address fields from most to least significant, above the access: ro ra bg ba co pc "
            "ch."},
      Field{&DramConfig::refresh, "refresh", "", "All-bank refresh every refi cycles."},
      Field{&DramConfig::organisation, "organisation", "", "What the device is made of."},
      Field{&DramConfig::timing, "timing", "", "Cycles between commands."},
      Field{&DramConfig::queues, "queues", "", "Sizes of the controllers' queues."},
      Field{&DramConfig::currents, "currents", "", "Supply and currents of one device."},
      Field{&DramConfig::interface, "interface", "", "Energy between the array and the logic."},
      Field{&DramConfig::power_down, "power_down", "", "Power-down of idle ranks."}};
};

/// UserError where settings contradict each other or a count is no power of two.
void validate(const DramConfig& config);

IgnoredSettings ignored_settings(const DramConfig& config);

// Made once: every machine binds it.
extern template Section bind<DramConfig>(DramConfig&);

}  // namespace hdp
