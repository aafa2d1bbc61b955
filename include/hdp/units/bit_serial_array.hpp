// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
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

namespace hdp {

struct BitSerialConfig {
  std::int64_t units = 6;
  std::int64_t taps = 64;

  static constexpr auto kFields = std::tuple{
      Field{&BitSerialConfig::units, "units", "units",
            "Dot-product units: they share a query, and key j is of unit j modulo their number.",
            Range{1, 256}, Source::Recalled},
      Field{&BitSerialConfig::taps, "taps", "multipliers",
            "Elements of a key that a unit takes in a cycle, some bits of each.", Range{1, 4096},
            Source::Recalled}};
};

/// What a key takes of a unit, a byte: its steps, and whether its score goes on to the FIFO.
struct KeySteps {
  static constexpr std::uint8_t kSurvives = 0x80;
  static constexpr std::int64_t of(std::uint8_t key) { return key & ~kSurvives; }
  static constexpr bool survives(std::uint8_t key) { return (key & kSurvives) != 0; }
};

/// A query against `count` keys. What becomes of them must live until the row is over.
struct BitSerialRow {
  const std::uint8_t* keys = nullptr;
  std::uint32_t count = 0;
  std::uint32_t row = 0;           ///< Comes back.
  std::uint16_t step_cycles = 1;   ///< Of a unit, for a step of a key,
  std::uint16_t value_cycles = 1;  ///< and of the value unit, for a survivor.
};

/// An entry of the score and index FIFO.
struct Survivor {
  std::uint32_t row = 0, key = 0;
  std::uint16_t cycles = 1;
};

/// All keys of a row are done with.
struct RowScored {
  std::uint32_t row = 0, survivors = 0;
  Cycle started_at{0}, ended_at{0};
};

/// Why a unit rests: nothing has come from memory; there is no room for another row under way; the
/// FIFO is full; other units are at the row's keys still.
enum class DotProductWait : std::uint8_t { Memory, RowBuffer, ScoreFifo, Row, Count };
template <>
struct EnumNames<DotProductWait> {
  static constexpr std::array<std::string_view, 4> kNames{"memory", "row_buffer", "score_fifo",
                                                          "row"};
};

const UnitKind& dot_product_unit_kind();

/// The bit-serial dot-product units (sim/units/bit_serial_array.md).
class BitSerialArray final : public Unit {
 public:
  struct Ports {
    Channel<BitSerialRow>& in_rows;
    Wire<DotProductWait>& in_wait;  ///< Why there is no row; Count: there is nothing to do.
    Channel<Survivor>& out_survivors;
    Channel<RowScored>& out_scored;
  };
  BitSerialArray(std::string name, const BitSerialConfig& config, const Ports& ports);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override;
  [[nodiscard]] const UnitKind& kind() const override { return dot_product_unit_kind(); }
  /// Of the first unit; reports() has all of them.
  [[nodiscard]] UnitReport report() const override { return reports().front(); }
  [[nodiscard]] std::vector<UnitReport> reports() const;

 private:
  struct DotProductUnit {
    std::size_t next = 0;    ///< The key that it goes on with,
    bool has_score = false;  ///< a score that is complete at done_at,
    std::uint32_t key = 0;   ///< and whose it is.
    Cycle done_at{0};        ///< Up to there it works.
    CriticalPath path{};
    TimeSplit<DotProductWait> time;
    std::int64_t keys = 0, steps = 0, survivors = 0;
    /// Nothing is left of the row.
    [[nodiscard]] bool ended(Cycle now) const { return !has_score && done_at <= now; }
  };
  bool give_scores(Cycle now);
  void end_row(Cycle now);
  void start_row(Cycle now);
  void go_on(DotProductUnit& unit, Cycle now);
  [[nodiscard]] TimeSplit<DotProductWait>::Doing doing(const DotProductUnit& unit, Cycle now) const;

  Channel<BitSerialRow>& in_rows_;
  Wire<DotProductWait>& in_wait_;
  Channel<Survivor>& out_survivors_;
  Channel<RowScored>& out_scored_;

  std::vector<DotProductUnit> units_;
  bool busy_ = false;
  BitSerialRow row_;
  RowScored scored_;
};

}  // namespace hdp
