// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>

namespace hdp {

/// Of every `of` weights along the reduction `kept` are stored; 0 of 0: all of them.
struct NmPattern {
  std::int64_t kept = 0, of = 0;
  [[nodiscard]] constexpr bool sparse() const { return kept != 0; }
};

/// An array as products of matrices see it (sim/units/matrix_engine.md).
struct MatrixArray {
  std::int64_t rows = 16, columns = 16;  ///< PEs: rows and columns of a tile of outputs.
  std::int64_t depth = 1;                ///< Multipliers of a PE: products of one output a cycle.
  std::int64_t cycles_per_product = 1;   ///< More where a multiplier is narrow, or bit-serial.
  std::int64_t latency_cycles = 4;       ///< From the last operand of a tile to its outputs.

  [[nodiscard]] constexpr std::int64_t multipliers() const { return rows * columns * depth; }
};

/// Groups of a pattern that a PE takes at a time: a whole number of them.
std::int64_t groups_at_a_time(const MatrixArray& array, const NmPattern& pattern);
/// Elements of the reduction that a PE takes at a time, zeros included.
std::int64_t elements_at_a_time(const MatrixArray& array, const NmPattern& pattern);
/// Cycles of one tile of outputs over `reduction` elements.
std::int64_t tile_cycles(const MatrixArray& array, const NmPattern& pattern,
                         std::int64_t reduction);
/// Weights of an output that are kept: a short group keeps no more than it has.
std::int64_t kept_of(const NmPattern& pattern, std::int64_t reduction);
/// Products that one output takes: the stored weights, padding included.
std::int64_t products_of(const NmPattern& pattern, std::int64_t reduction);

/// A pass of the array over one tile, or over tiles one after another.
struct MatrixPass {
  std::string_view what{};  ///< What a timeline shows; must outlive the pass.
  std::int64_t cycles = 0;  ///< At least one.
  std::int64_t products = 0;
  bool sparse = false;
};

/// Its outputs have left the array, which it had in the cycles [start, end).
struct MatrixPassDone {
  Cycle start, end;
};

/// Why the array has nothing to do, as the sequencer sees it: operands under way, probabilities not
/// there, results of an earlier pass that nobody has taken, outputs with no room.
enum class MatrixWait : std::uint8_t { Memory, Softmax, Vector, Output, Nothing, Count };
template <>
struct EnumNames<MatrixWait> {
  static constexpr std::array<std::string_view, 4> kNames{"memory", "softmax", "vector", "output"};
};

const UnitKind& matrix_engine_kind();

/// Output-stationary PEs with an adder tree each. One pass after another, back to back.
class MatrixEngine final : public Unit {
 public:
  struct Ports {
    Channel<MatrixPass>& in_passes;
    Wire<MatrixWait>& wait;
    Channel<MatrixPassDone>& out_done;
  };
  MatrixEngine(std::string name, const Ports& ports);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] const TimeSplit<MatrixWait>& time() const { return time_; }
  [[nodiscard]] const UnitKind& kind() const override { return matrix_engine_kind(); }
  [[nodiscard]] UnitReport report() const override;

 private:
  void finish(Cycle now);
  void start(Cycle now);
  [[nodiscard]] TimeSplit<MatrixWait>::Doing doing(Cycle now) const;

  Channel<MatrixPass>& in_passes_;
  Wire<MatrixWait>& wait_;
  Channel<MatrixPassDone>& out_done_;

  bool busy_ = false;
  MatrixPass pass_;
  Cycle started_at_, done_at_;

  TimeSplit<MatrixWait> time_;
  std::int64_t passes_ = 0, products_ = 0;
  std::array<std::int64_t, 2> cycles_{};  ///< Dense, sparse.
};

}  // namespace hdp
