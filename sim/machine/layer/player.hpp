// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "machine/layer/program.hpp"
#include <hdp/kernel/critical_path.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/machine/layer/config.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/machine/play_options.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/units/softmax_unit.hpp>

namespace hdp::layer {

/// What the units did.
struct Played {
  std::int64_t cycles = 0;
  std::vector<UnitReport> units;
  std::vector<CriticalTime> critical_path;
  TensorBytes read_bytes{}, written_bytes{};
  MemoryStats memory;
  std::optional<DramUse> dram;
};

/// The units of an array with its memory, on which programs are played one after another, each in
/// pieces.
class Player {
 public:
  /// Without a softmax unit that is left out of reports.
  Player(const LayerConfig& config, const MatrixArray& array,
         const std::optional<SoftmaxConfig>& softmax, const MemoryConfig& memory,
         std::int64_t clock_mhz, const PlayOptions& options);
  ~Player();

  /// Starts a program, where none is under way; it must live until it has been played.
  void begin(const Program& program);
  /// To the end of the program, or to the first event at or behind `end`.
  void run_until(Cycle end);
  [[nodiscard]] bool finished() const;
  [[nodiscard]] Cycle now() const;
  /// By phase of the last program.
  [[nodiscard]] std::span<const PhaseRecord> records() const;
  /// At the end of the run.
  Played result();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp::layer
