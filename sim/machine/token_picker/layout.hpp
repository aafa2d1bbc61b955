// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "machine/token_picker/flow.hpp"
#include "machine/token_picker/slice.hpp"
#include <hdp/machine/token_picker/config.hpp>

namespace hdp::token_picker {

/// Where tensors lie in memory: K of a head chunk by chunk, every chunk of all tokens together; V
/// row by row, as Q and the outputs. Tensors start on a page.
class Layout {
 public:
  static constexpr std::int64_t kOutputBits = 16;

  Layout(const TokenPickerConfig& config, std::span<const Trace> sequences);

  /// Elements of a vector.
  [[nodiscard]] std::int64_t elements(const Slice& slice) const { return place(slice).d; }
  /// Bytes of a chunk of a key, and of a row of V.
  [[nodiscard]] std::int64_t chunk_bytes(const Slice& slice, std::int64_t chunk) const;
  [[nodiscard]] std::int64_t value_bytes(const Slice& slice) const;

  [[nodiscard]] std::uint64_t chunk(const Slice& slice, std::int64_t chunk,
                                    std::int64_t token) const;
  [[nodiscard]] std::uint64_t value(const Slice& slice, std::int64_t token) const;

  /// Adds the rows of Q and, of a step that appends them, the new rows of K and V; and the outputs.
  void add_loads(const Slice& slice, std::vector<Transfer>& transfers) const;
  void add_outputs(const Slice& slice, std::vector<Transfer>& transfers) const;

 private:
  void add(const Transfer& whole, std::vector<Transfer>& transfers) const;
  struct LayerPlace {
    std::uint64_t q = 0, v = 0, out = 0;
    std::vector<std::uint64_t> k;  ///< By chunk.
    std::int64_t d = 0, n_q = 0, n_k = 0;
  };
  [[nodiscard]] const LayerPlace& place(const Slice& slice) const {
    return places_[static_cast<std::size_t>(slice.sequence)][static_cast<std::size_t>(slice.layer)];
  }

  const TokenPickerConfig& config_;
  std::vector<std::vector<LayerPlace>> places_;  ///< By sequence and layer.
};

}  // namespace hdp::token_picker
