// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/units/bit_serial_array.hpp>

namespace hdp {

struct ValueUnitConfig {
  std::int64_t lanes = 1;
  std::int64_t macs = 64;
  std::int64_t exponential_cycles = 4;
  std::int64_t divide_cycles = 16;

  static constexpr auto kFields =
      std::tuple{Field{&ValueUnitConfig::lanes, "lanes", "lanes", "Survivors at a time.",
                       Range{1, 256}, Source::Recalled},
                 Field{&ValueUnitConfig::macs, "macs", "multipliers",
                       "Elements of a row of V that a lane takes in a cycle.", Range{1, 4096},
                       Source::Recalled},
                 Field{&ValueUnitConfig::exponential_cycles, "exponential_cycles", "cycles",
                       "From a score to its exponential; one a cycle and lane.", Range{1, 256}},
                 Field{&ValueUnitConfig::divide_cycles, "divide_cycles", "cycles",
                       "From the sums of a row to its output.", Range{1, 256}}};

  [[nodiscard]] std::int64_t latency() const { return exponential_cycles + divide_cycles; }
};

/// A row has its output, or as much of it as these keys gave.
struct RowDone {
  RowScored scored;
  Cycle started_at{0}, ended_at{0};  ///< Of its survivors; equal where there is none.
};

/// Why it rests: no score is there, nothing has come from memory, or nobody takes its rows.
enum class ValueWait : std::uint8_t { Scores, Memory, Output, Count };
template <>
struct EnumNames<ValueWait> {
  static constexpr std::array<std::string_view, 3> kNames{"scores", "memory", "output"};
};

const UnitKind& value_unit_kind();

/// Softmax on the fly and P.V (sim/units/value_unit.md): takes a survivor from the FIFO, weighs its
/// row of V, and divides by the sum of weights at the end of the row.
class ValueUnit final : public Unit {
 public:
  struct Ports {
    Channel<Survivor>& in_survivors;
    Channel<RowScored>& in_scored;
    Wire<ValueWait>& in_wait;  ///< Why there is nothing in the FIFO; Count: nothing to do.
    Channel<RowDone>& out_rows;
  };
  ValueUnit(std::string name, const ValueUnitConfig& config, const Ports& ports);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const UnitKind& kind() const override { return value_unit_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ValueWait>::kNames, {rows_, survivors_});
  }

 private:
  [[nodiscard]] bool is_free(Cycle now) const;
  /// All survivors of the row have been taken; what comes next is of another.
  [[nodiscard]] bool row_is_taken(Cycle now) const;
  [[nodiscard]] bool row_is_over(Cycle now) const { return is_free(now) && row_is_taken(now); }
  void end_row(Cycle now);

  Channel<Survivor>& in_survivors_;
  Channel<RowScored>& in_scored_;
  Wire<ValueWait>& in_wait_;
  Channel<RowDone>& out_rows_;

  std::int64_t taken_ = 0;  ///< Survivors of the row under way.
  Cycle started_at_{0};
  std::vector<Cycle> done_at_;  ///< By lane.
  TimeSplit<ValueWait> time_;
  std::int64_t rows_ = 0, survivors_ = 0;
};

}  // namespace hdp
