// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "machine/sta/strips.hpp"

namespace hdp::sta {

/// Where the tensors of a run lie: codes of `layer.activation_bits` bits. Rows of Q, K and outputs
/// one after another; V in panels of as many dimensions as the array has columns, so that a panel
/// of all keys is one range.
class Layout {
 public:
  Layout(const StaConfig& config, std::span<const Trace> sequences);

  [[nodiscard]] std::uint64_t query(const Group& group, const Row& row) const;
  [[nodiscard]] std::uint64_t output(const Group& group, const Row& row) const;
  [[nodiscard]] std::uint64_t key(const Group& group, std::int64_t key) const;
  [[nodiscard]] std::uint64_t value(const Group& group, std::int64_t panel, std::int64_t key) const;
  /// Of so many elements.
  [[nodiscard]] std::int64_t bytes(std::int64_t elements) const;

 private:
  /// Of a layer of a sequence.
  struct Place {
    LayerShape shape;
    std::uint64_t q = 0, k = 0, v = 0, out = 0;
  };
  [[nodiscard]] const Place& place(const Group& group) const {
    return places_[static_cast<std::size_t>(group.sequence * layers_ + group.layer)];
  }
  [[nodiscard]] std::uint64_t at(std::uint64_t base, std::int64_t element) const;

  std::int64_t bits_, columns_, layers_;
  std::vector<Place> places_;
};

}  // namespace hdp::sta
