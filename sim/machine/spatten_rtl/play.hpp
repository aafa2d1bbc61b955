// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include <hdp/machine/spatten_rtl/run.hpp>

namespace hdp::spatten_rtl {

/// Rows on the RTL, played in pieces. UserErrors name a row by `origin` and its number.
class Play {
 public:
  Play(const SpattenRtlConfig& config, std::span<const SpattenRow> rows, std::string origin,
       SpattenRtlProgress progress);
  ~Play();

  /// To cycle `end`, or to the end of the work.
  void run_until(Cycle end);
  [[nodiscard]] bool done() const;
  [[nodiscard]] Cycle now() const;
  SpattenRtlResult result();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp::spatten_rtl
