// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "buffer_manager.hpp"
#include "fetcher.hpp"
#include "fragment.hpp"
#include "index_rom.hpp"
#include "line_buffer.hpp"
#include "request.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Takes the requests in, gives them lines of the K buffer, and drives a pass at a time: writes,
/// addresses and reads of its keys, until QK has read its last line. Keys of two requests are
/// therefore never fetched at once.
class FrontEnd {
 public:
  FrontEnd(std::span<const Request> requests, const IndexRom& rom, const Shape& shape,
           LineBuffer& buffer)
      : requests_(requests), rom_(rom), shape_(shape), buffer_(buffer), manager_(shape) {}

  /// The decision has a row's first fragment; true where its report could be taken.
  bool report(const Fragment& fragment, Time now);
  /// The fragment of the line that QK takes; `last` of the pass.
  Fragment multiply(bool last);
  /// Comes after all others in a cycle.
  void step(Fetcher& fetcher, Time now);

 private:
  struct Pass {
    std::int32_t request = 0;
    Allocation lines;
    bool second = false;
  };
  /// Where a pass goes, each when it can: a bit each.
  enum Branch : unsigned { Write0 = 1, Write1 = 2, Addresses = 4, Read = 8, Multiply = 16 };
  static constexpr unsigned kFetch = Write0 | Write1 | Addresses;
  static constexpr unsigned kAll = kFetch | Read | Multiply;

  const Request& request_of(const Pass& pass) const {
    return requests_[static_cast<std::size_t>(pass.request)];
  }
  void branch(Fetcher& fetcher);
  void send(const Pass& pass);
  bool describe_writes(const Pass& pass, std::size_t port);
  bool describe_read(const Pass& pass);
  bool address_row(const Pass& pass);
  void arbitrate(Time now);
  void allocate(Time now);

  std::span<const Request> requests_;
  const IndexRom& rom_;
  const Shape& shape_;
  LineBuffer& buffer_;
  BufferManager manager_;
  std::size_t next_ = 0;  ///< Of the requests.
  Register<Pass> allocated_, stage_;
  SkidRegister<Pass> again_;      ///< Second passes.
  StreamFifo<Pass> reports_{16};  ///< Passes whose largest score is awaited.
  int locked_ = -1;
  bool queued_ = false, staged_ = false;  ///< What the chosen pass has entered.
  unsigned sent_ = 0;                     ///< Branches that the pass has taken.
  std::int32_t rows_ = 0;                 ///< Of addresses, taken.
  std::int32_t lines_ = 0;                ///< Multiplied.
  Register<FetchRow> row_;
};

}  // namespace hdp::spatten_rtl
