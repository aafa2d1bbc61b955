// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/config/ignored.hpp>
#include <hdp/config/section.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/transfer.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/dram_result.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace hdp {

enum class MemoryWait : std::uint8_t { Output, Count };
template <>
struct EnumNames<MemoryWait> {
  static constexpr std::array<std::string_view, 1> kNames{"output"};
};

inline constexpr std::string_view kIdealMemory = "ideal";
inline constexpr std::string_view kInlineDram = "dram";

struct MemoryConfig {
  std::string model = std::string(kIdealMemory);
  std::optional<std::int64_t> bandwidth_mb_per_s{};  ///< Nothing: see below.
  std::int64_t latency_cycles = 100;
  DramConfig dram{};

  static constexpr auto kFields = std::tuple{
      Field{&MemoryConfig::model, "model", "",
            "ideal: a latency and a bandwidth, shared round robin, without banks, rows or refresh; "
            "a memory's name or path; dram: the one that `dram` describes."},
      Field{&MemoryConfig::bandwidth_mb_per_s, "bandwidth_mb_per_s", "MB/s (10^6 bytes)",
            "Bytes of all requests together (ideal); auto: the peak of the DRAM that the ideal "
            "memory takes the place of, or 25600.",
            Range{1, 1e9}},
      Field{&MemoryConfig::latency_cycles, "latency_cycles", "core cycles",
            "From the last byte on the bus to the response (ideal).", Range{0, 1e6}},
      Field{&MemoryConfig::dram, "dram", "",
            "The DRAM; starts from the named memory where `model` names one."}};

  [[nodiscard]] bool ideal() const { return model == kIdealMemory; }
  /// Of the ideal memory, MB/s.
  [[nodiscard]] std::int64_t ideal_bandwidth() const { return bandwidth_mb_per_s.value_or(25'600); }
};

/// Throws UserError where the model is no resolved one or its settings contradict each other.
void validate(const MemoryConfig& config);

IgnoredSettings ignored_settings(const MemoryConfig& config);

/// The most that it can move.
double peak_bytes_per_s(const MemoryConfig& config);

/// The memory with a peak as near to that as it can have: of a DRAM, another number of channels.
MemoryConfig with_peak(MemoryConfig config, double bytes_per_s);

/// What a memory counts.
struct MemoryStats {
  std::int64_t reads = 0, writes = 0;
  std::int64_t read_bytes = 0, written_bytes = 0;  ///< Asked for.
  std::int64_t moved_bytes = 0;  ///< In whole accesses; after close() those of a DRAM's bursts.
};

const UnitKind& memory_kind();
/// With a DRAM behind it, which counts cycles of its own.
const UnitKind& dram_kind();

/// The seam behind which memories are exchanged: requests in, responses out, one port a client.
class Memory : public Unit {
 public:
  using Unit::Unit;
  [[nodiscard]] virtual const MemoryStats& stats() const = 0;
  [[nodiscard]] virtual const TimeSplit<MemoryWait>& time() const = 0;
  /// What the DRAM behind it did, after close(); null where there is none.
  [[nodiscard]] virtual const DramUse* dram() const { return nullptr; }
  [[nodiscard]] const UnitKind& kind() const final {
    return dram() == nullptr ? memory_kind() : dram_kind();
  }
  [[nodiscard]] UnitReport report() const final;
};

/// The memory that `config` names, or `foreign` where it is not null; the ports must outlive it.
/// `clock_mhz` is the core clock.
std::unique_ptr<Memory> make_memory(const MemoryConfig& config, std::int64_t clock_mhz,
                                    std::vector<TransferPort*> ports,
                                    std::unique_ptr<MemorySimulator> foreign = nullptr);

// Made once: every machine binds it.
extern template Section bind<MemoryConfig>(MemoryConfig&);

}  // namespace hdp
