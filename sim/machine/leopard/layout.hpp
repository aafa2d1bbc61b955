// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "machine/leopard/group.hpp"
#include <hdp/units/fetch_unit.hpp>

namespace hdp::leopard {

/// Consecutive bytes that go to or from the machine.
struct Transfer {
  std::uint64_t address = 0;
  std::int64_t bytes = 0;
  Tensor tensor = Tensor::Q;
  bool write = false;
};

/// Where tensors lie in memory: row by row, the rows of a head together. Tensors start on a page.
class Layout {
 public:
  Layout(const LeopardConfig& config, std::span<const Trace> sequences);

  [[nodiscard]] const RowBytes& bytes(const Group& group) const { return place(group).bytes; }
  [[nodiscard]] std::int64_t elements(const Group& group) const { return place(group).d; }

  [[nodiscard]] Transfer keys(const Group& group, const KeyRange& keys) const;
  [[nodiscard]] Transfer values(const Group& group, const KeyRange& keys) const;
  [[nodiscard]] Transfer query(const Group& group, std::int64_t row) const;
  [[nodiscard]] Transfer output(const Group& group, std::int64_t row) const;
  /// The sums of a row whose keys come in several pieces.
  [[nodiscard]] Transfer sums(const Group& group, std::int64_t row, bool write) const;

 private:
  struct Place {
    RowBytes bytes;
    std::int64_t d = 0, n_q = 0, n_k = 0;
    std::uint64_t q = 0, k = 0, v = 0, out = 0, sums = 0;
  };
  [[nodiscard]] const Place& place(const Group& group) const {
    return places_[static_cast<std::size_t>(group.sequence)][static_cast<std::size_t>(group.layer)];
  }
  std::vector<std::vector<Place>> places_;  ///< By sequence and layer.
};

}  // namespace hdp::leopard
