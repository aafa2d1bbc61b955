// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dot_product.hpp"
#include "fetcher.hpp"
#include "front_end.hpp"
#include "index_rom.hpp"
#include "line_buffer.hpp"
#include "requantise_buffer.hpp"
#include "requantise_decision.hpp"
#include "request.hpp"
#include "shape.hpp"
#include "top_k_stage.hpp"
#include "value_stage.hpp"
#include <hdp/base/quantity.hpp>

namespace hdp::spatten_rtl {

/// All of the RTL, stepped from its sinks to its sources.
class Machine {
 public:
  Machine(const Shape& shape, std::span<const Request> requests);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void step();
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] std::size_t finished() const { return values_.finished(); }
  [[nodiscard]] std::int64_t reads() const { return fetcher_.reads(); }

  [[nodiscard]] std::int64_t qk_lines() const { return qk_lines_; }
  [[nodiscard]] std::int64_t qk_passes() const { return qk_passes_; }
  [[nodiscard]] std::int64_t pv_lines() const { return values_.multiplied(); }

  std::vector<Time> responses;
  /// Of the first passes, and of the second; none until it has left the decision.
  std::array<std::vector<std::optional<Cycle>>, 2> last_scores;

 private:
  void fill_buffers();
  void decide();
  void multiply_keys();

  const Shape shape_;
  std::span<const Request> requests_;
  IndexRom rom_;
  LineBuffer keys_buffer_, values_buffer_;
  Fetcher fetcher_;
  FrontEnd front_end_;
  DotProduct dot_product_;
  RequantiseDecision decision_;
  RequantiseBuffer requantise_buffer_;
  ValueStage values_;
  TopKStage top_k_;
  std::array<bool, 2> written_{};  ///< Ports that took the lines at the exit of the fetcher.
  std::int64_t qk_lines_ = 0, qk_passes_ = 0;
  Time now_ = 16;
};

}  // namespace hdp::spatten_rtl
