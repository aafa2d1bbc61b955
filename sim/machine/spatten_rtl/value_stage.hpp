// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "buffer_manager.hpp"
#include "fetcher.hpp"
#include "fragment.hpp"
#include "index_rom.hpp"
#include "line_buffer.hpp"
#include "request.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// The value side: lines for a batch, addresses of the values that the kept scores ask for, and the
/// PV array.
class ValueStage {
 public:
  ValueStage(std::span<const Request> requests, const IndexRom& rom, const Shape& shape,
             LineBuffer& buffer, std::vector<Time>& responses);

  /// The PV array: steps before the buffer.
  void multiply(Time now);
  /// Steps after the fetcher and the buffer.
  void step(Fetcher& fetcher, Time now);
  /// Takes a kept fragment if it can; comes after step().
  bool accept(const Fragment& fragment, Time now);
  [[nodiscard]] std::int64_t multiplied() const { return multiplied_; }
  [[nodiscard]] std::size_t finished() const { return finished_; }

 private:
  struct Entry {
    Fragment fragment;
    Allocation lines;
  };
  [[nodiscard]] const Request& request_of(const Fragment& fragment) const {
    return requests_[static_cast<std::size_t>(fragment.request)];
  }
  /// Where a fragment goes, each when it can: a bit each.
  enum Branch : unsigned { Write0 = 1, Write1 = 2, Addresses = 4, Read = 8, Score = 16 };

  [[nodiscard]] static unsigned branches_of(const Fragment& fragment, const Operand& value);
  bool describe_writes(const Request& request, const Allocation& lines, std::size_t port);
  bool describe_read(const Request& request, const Allocation& lines);
  bool collect(const Fragment& fragment, const Request& request);

  std::span<const Request> requests_;
  const IndexRom& rom_;
  const Shape& shape_;
  LineBuffer& buffer_;
  std::vector<Time>& responses_;
  BufferManager manager_;
  Register<Entry> entry_;
  unsigned left_ = 0;  ///< Branches that the entry has still to take.
  FetchRow row_;
  bool row_full_ = false;
  StreamFifo<Entry> scores_;
  std::int64_t multiplied_ = 0;  ///< Lines that PV took.
  std::size_t finished_ = 0;     ///< Rows that answered.
};

}  // namespace hdp::spatten_rtl
