// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/units/phase.hpp>
#include <hdp/units/softmax_unit.hpp>
#include <hdp/units/sparsity_engine.hpp>

namespace hdp {

/// What one PE does in a cycle; the speedup depends on it more than on anything else.
enum class Precision : std::uint8_t { Uniform, Fused, Split };
template <>
struct EnumNames<Precision> {
  static constexpr std::array<std::string_view, 3> kNames{"uniform", "fused", "split"};
};

struct PeArrayConfig {
  std::int64_t rows = 8;
  std::int64_t columns = 8;
  Precision precision = Precision::Uniform;
  std::int64_t multiply_cycles = 3;
  std::int64_t add_cycles = 1;

  static constexpr auto kFields = std::tuple{
      Field{&PeArrayConfig::rows, "rows", "PEs", "Rows of PEs: queries of a strip.",
            Range{1, 1024}},
      Field{&PeArrayConfig::columns, "columns", "PEs", "Columns of PEs: keys of a tile.",
            Range{1, 1024}},
      Field{&PeArrayConfig::precision, "precision", "",
            "uniform: any product takes a PE one cycle; fused: integer x fraction and fraction x "
            "integer of an element together; split: narrow multipliers sized to the planes."},
      Field{&PeArrayConfig::multiply_cycles, "multiply_cycles", "cycles",
            "Pipeline depth of a multiplier.", Range{1, 64}},
      Field{&PeArrayConfig::add_cycles, "add_cycles", "cycles", "Pipeline depth of an adder.",
            Range{1, 64}}};

  /// From the last operand of a tile to its results.
  [[nodiscard]] constexpr Cycles pipeline() const { return {multiply_cycles + add_cycles}; }
};

/// Widths of the operands on the array: words, and the integer plane of a word (sign included).
struct OperandWidths {
  std::int64_t word_bits = 16;
  std::int64_t integer_bits = 4;
  [[nodiscard]] std::int64_t fraction_bits() const { return word_bits - integer_bits; }
};

/// Cycles of one tile of rows x columns dot products of length d in a phase
/// (sim/units/pe_array.md). Fraction: the products that the integer pass left; `exact` adds
/// fraction x fraction.
Cycles integer_tile_cycles(Precision precision, std::int64_t d, OperandWidths widths);
Cycles fraction_tile_cycles(Precision precision, std::int64_t d, OperandWidths widths, bool exact);
/// Of one product of planes of so many bits.
Cycles plane_tile_cycles(Precision precision, std::int64_t d, std::int64_t word_bits,
                         std::int64_t query_bits, std::int64_t key_bits);
Cycles score_tile_cycles(std::int64_t d);
/// Cycles of one key in P.V: d output dimensions over the columns.
Cycles value_key_cycles(const PeArrayConfig& config, std::int64_t d);

/// Work for the array: a tile, or all passes of a strip. A job takes at least one cycle.
struct PeJob {
  StripId id{};
  Phase phase = Phase::Integer;
  bool to_engine = false;       ///< Results go to the sparsity engine,
  bool to_softmax = false;      ///< or to the softmax unit.
  bool last = false;            ///< Of its strip, in this phase.
  std::int32_t engine_add = 0;  ///< What the sparsity engine will do with them, in cycles,
  std::int32_t engine_select = 0;
  std::int64_t softmax = 0;   ///< or the softmax unit.
  std::int64_t compute = 0;   ///< Cycles at full rate.
  std::int64_t operands = 0;  ///< Cycles the operand banks need; beyond `compute` it stalls.
};

/// A job's results have left the array.
struct PeDone {
  StripId id;
  Phase phase = Phase::Integer;
  bool last = false;
  Cycle start, end;
};

/// Why the array has nothing to do, as the sequencer sees it.
enum class PeWait : std::uint8_t {
  Memory,
  Decision,
  Scores,
  Softmax,
  TopK,
  SramBank,
  Output,
  Nothing,
  Count
};
template <>
struct EnumNames<PeWait> {
  static constexpr std::array<std::string_view, 7> kNames{
      "memory", "decision", "scores", "softmax", "top_k", "sram_bank", "output"};
};

/// An array that works in several phases, and one that only ever does the same products.
const UnitKind& pe_array_kind();
const UnitKind& multiplier_array_kind();

/// Rows x columns of PEs, output-stationary. One job at a time, back to back; accumulators are
/// double-buffered, so draining is hidden: results leave pipeline() after the last operand.
class PeArray final : public Unit {
 public:
  struct Ports {
    Channel<PeJob>& in_jobs;
    Wire<PeWait>& wait;
    Channel<EngineTile>& out_tiles;
    Channel<StreamJob>& out_scores;
    Channel<PeDone>& out_done;
  };
  PeArray(std::string name, const Ports& ports, const UnitKind& kind = pe_array_kind());

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] const TimeSplit<PeWait>& time() const { return time_; }
  [[nodiscard]] const UnitKind& kind() const override { return kind_; }
  [[nodiscard]] UnitReport report() const override;
  [[nodiscard]] std::int64_t jobs() const { return jobs_; }
  /// Cycles that the operand banks needed for all jobs.
  [[nodiscard]] Cycles operand_cycles() const { return operand_cycles_; }
  /// On a critical path, cycles that a job waits for its operands go to this account.
  void charge_operands_to(std::size_t account) { operand_account_ = account; }
  /// Busy cycles by phase.
  [[nodiscard]] const std::array<Cycles, kPhases>& phase_cycles() const { return phase_cycles_; }

 private:
  [[nodiscard]] bool can_finish(Cycle now) const;
  void finish(Cycle now);
  void start(Cycle now);
  [[nodiscard]] TimeSplit<PeWait>::Doing doing(Cycle now) const;

  const UnitKind& kind_;
  Channel<PeJob>& in_jobs_;
  Wire<PeWait>& wait_;
  Channel<EngineTile>& out_tiles_;
  Channel<StreamJob>& out_scores_;
  Channel<PeDone>& out_done_;

  bool busy_ = false;
  PeJob job_;
  Cycle started_at_, computed_at_, done_at_;

  TimeSplit<PeWait> time_;
  std::int64_t jobs_ = 0;
  Cycles operand_cycles_;
  std::optional<std::size_t> operand_account_;
  std::array<Cycles, kPhases> phase_cycles_{};
};

}  // namespace hdp
