// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include <hdp/machine/spatten/run.hpp>

namespace hdp::spatten {

/// Passes on the machine, played in pieces. Configuration and passes must outlive it.
class Play {
 public:
  /// UserError where a head does not fit the buffers.
  Play(const SpattenConfig& config, std::span<const SpattenPass> passes,
       const PlayOptions& options);
  ~Play();

  /// To the first event at or behind `end`, or to the end of the work.
  void run_until(Cycle end);
  [[nodiscard]] bool done() const;
  [[nodiscard]] Cycle now() const;
  SpattenResult result();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp::spatten
