// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "fetch_context.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Cuts the fetched rows anew, two buffer lines at a time, and widens their bits. Padding that
/// follows the last vector of a request is thrown away, by whole pairs of lines, when the next
/// request's data have a context.
class Realigner {
 public:
  explicit Realigner(const Shape& shape);

  /// Two lines are at the exit; take() hands them on.
  [[nodiscard]] bool valid() const { return converted_.valid; }
  [[nodiscard]] Matrix matrix() const { return converted_.value; }
  void take() { converted_.valid = false; }

  /// Contexts of the requests under way, in their order.
  [[nodiscard]] bool context_room(Time now) const { return contexts_.can_push(now); }
  void push_context(FetchContext context, Time now) { contexts_.push(context, now); }

  /// A whole row of lanes comes, of which the first `enabled` hold data. Steps before its giver.
  [[nodiscard]] bool row_ready() const { return row_.ready(); }
  void push_row(std::int32_t enabled, bool last) { row_.load({enabled, last}); }

  void step(Time now);

 private:
  struct Row {
    std::int32_t enabled = 0;
    bool last = false;
  };
  struct Element {
    bool pad = false, last = false;
  };

  void push_elements();

  const Shape& shape_;
  StreamFifo<FetchContext> contexts_{16};
  Register<Row> row_;
  std::array<Element, 64> elements_{};
  std::uint32_t head_ = 0;
  std::int32_t push_;                  ///< Elements that a row brings,
  std::array<std::int32_t, 9> pop_{};  ///< and that two lines take, by their bits.
  std::int32_t size_ = 0, capacity_ = 0;
  Register<Matrix> cut_, converted_;
};

}  // namespace hdp::spatten_rtl
