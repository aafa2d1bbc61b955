// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/hdp/load_list.hpp"
#include "machine/hdp/room.hpp"
#include "machine/hdp/slice_scratch.hpp"

namespace hdp {

/// Rows of Q of the strips behind the masks, and the masks, which choose the rows of K.
class KeptQueries {
 public:
  KeptQueries(SliceScratch& slice, LoadList& loads);

  /// Integer planes are wanted again, or for the first time.
  [[nodiscard]] bool needs_integers() const { return needs_integers_; }
  [[nodiscard]] bool fetches_fractions() const { return fetches_fractions_; }
  /// By strip: jobs of P.V that make room for its scores.
  [[nodiscard]] std::int64_t values_before(std::size_t o) const { return values_before_[o]; }

  /// Asks for the rows of strip `o`, once the strips before have left room; `ends` has the jobs of
  /// each when it has ended. Returns the port cycles in which they are written.
  std::int64_t load(std::size_t o, const std::vector<std::int64_t>& ends);

 private:
  void read_masks(const Strip& strip);

  SliceScratch& slice_;
  LoadList& loads_;
  bool needs_integers_, fetches_fractions_;
  Room room_;
  std::vector<std::int64_t> values_before_;
};

}  // namespace hdp
