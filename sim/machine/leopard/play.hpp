// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include <hdp/machine/leopard/run.hpp>

namespace hdp::leopard {

/// Traces side by side on the machine, played in pieces. Configuration and traces must outlive it.
class Play {
 public:
  /// UserError where a key, or a row, does not fit a buffer.
  Play(const LeopardConfig& config, std::span<const Trace> sequences, const PlayOptions& options);
  ~Play();

  /// To the first event at or behind `end`, or to the end of the work.
  void run_until(Cycle end);
  [[nodiscard]] bool done() const;
  [[nodiscard]] Cycle now() const;
  LeopardResult result();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp::leopard
