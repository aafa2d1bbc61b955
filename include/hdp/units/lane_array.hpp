// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/units/priority_fetch_unit.hpp>

namespace hdp {

struct LaneConfig {
  std::int64_t lanes = 16;
  std::int64_t dimensions = 64;
  std::int64_t key_bits = 4;
  std::int64_t latency_cycles = 8;

  static constexpr auto kFields = std::tuple{
      Field{&LaneConfig::lanes, "lanes", "lanes", "Lanes; each takes a vector at a time.",
            Range{1, 256}, Source::Recalled},
      Field{&LaneConfig::dimensions, "dimensions", "multipliers",
            "Multipliers of a lane: elements of a vector that it takes in a cycle.", Range{1, 4096},
            Source::Recalled},
      Field{&LaneConfig::key_bits, "key_bits", "bits",
            "Bits of an element of K or V that a multiplier takes in a cycle; the other operand is "
            "a whole code.",
            Range{1, 16}, Source::Recalled},
      Field{&LaneConfig::latency_cycles, "latency_cycles", "cycles",
            "From the last element of a vector to its sum.", Range{1, 64}}};
};

/// Cycles of a lane for a vector of d elements of so many bits.
constexpr std::int64_t vector_cycles(const LaneConfig& config, std::int64_t d, std::int64_t bits) {
  return ceil_div(d, config.dimensions) * ceil_div(bits, config.key_bits);
}

/// One vector of a job has been multiplied.
struct LaneResult {
  std::uint32_t job = 0;
  std::uint16_t vector = 0;
  std::uint16_t tests = 0;
};

/// Why lanes have nothing to do, as their sequencer says it; slow banks, and results that nobody
/// takes.
enum class LaneWait : std::uint8_t { Memory, Scoreboard, Softmax, SramBank, Output, Count };
template <>
struct EnumNames<LaneWait> {
  static constexpr std::array<std::string_view, 5> kNames{"memory", "scoreboard", "softmax",
                                                          "sram_bank", "output"};
};

const UnitKind& lane_kind();

/// The lanes (sim/units/lane_array.md): vectors of an arrival go to the lanes that are free, the
/// lowest first; each is taken for as many cycles as the arrival says.
class LaneArray final : public Unit {
 public:
  struct Ports {
    Channel<Arrival>& in_arrivals;
    Wire<LaneWait>& in_wait;  ///< Count: there is nothing to do.
    Channel<LaneResult>& out_scores;
    Channel<LaneResult>& out_values;
  };
  LaneArray(std::string name, const LaneConfig& config, const Ports& ports);

  /// What lanes wait for their banks is of this account of the critical path.
  void charge_operands_to(std::size_t account) { operand_account_ = account; }

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override;
  [[nodiscard]] const UnitKind& kind() const override { return lane_kind(); }
  /// Of the first lane; reports() has all of them.
  [[nodiscard]] UnitReport report() const override { return reports().front(); }
  [[nodiscard]] std::vector<UnitReport> reports() const;

 private:
  struct Lane {
    bool taken = false;
    bool value = false;
    LaneResult result;
    Cycle started_at{0}, computed_at{0}, done_at{0};
    CriticalPath path{};
    TimeSplit<LaneWait> time;
    std::int64_t vectors = 0;
    Cycles operand_cycles{0};
  };
  void finish(Cycle now);
  void start(Cycle now);

  LaneConfig config_;
  Channel<Arrival>& in_arrivals_;
  Wire<LaneWait>& in_wait_;
  Channel<LaneResult>& out_scores_;
  Channel<LaneResult>& out_values_;

  std::optional<std::size_t> operand_account_;
  std::vector<Lane> lanes_;
  Arrival arrival_;              ///< Whose vectors are being given out,
  std::uint16_t next_ = 0;       ///< the next of them,
  Cycle arrived_at_{-1};         ///< and when it was taken up,
  CriticalPath arrival_path_{};  ///< and what that hung on.
};

}  // namespace hdp
