// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "buffer_manager.hpp"
#include "request.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Where the data of a port go: `count` lines from `start`, `stride` apart, around the buffer.
struct WriteDescriptor {
  std::int32_t start = 0, stride = 1, count = 0, tag = 0;
};

/// Of a first pass: the ports take lines in turn, or each a head of a fused pair.
inline WriteDescriptor first_pass_writes(const Operand& operand, const Allocation& lines,
                                         std::size_t port) {
  const auto p = static_cast<std::int32_t>(port);
  if (operand.fused > 1) return {lines.start + operand.lines * p, 1, operand.lines, 2 * lines.tag};
  return {lines.start + p, 2, operand.lines / 2, 2 * lines.tag};
}

/// Two ports that write a line each, through an arbiter at each of the two banks.
class LineWriter {
 public:
  LineWriter(std::vector<std::int32_t>& tags, const Shape& shape) : tags_(tags), shape_(shape) {}

  /// Steps before its givers.
  void step(Time now);
  /// Ends the cycle: a line is seen from the next one on.
  void commit();
  Register<WriteDescriptor>& descriptor(std::size_t port) { return ports_[port].descriptor; }
  [[nodiscard]] bool data_ready(std::size_t port) const { return !ports_[port].data; }
  void push_data(std::size_t port) {
    ports_[port].data = true;
    ++writing_;
  }

 private:
  struct Write {
    std::int32_t line = 0, tag = 0;
  };
  struct Port {
    Register<WriteDescriptor> descriptor;
    std::int32_t done = 0;
    bool data = false;
    SkidRegister<Write> write;
  };
  struct Bank {
    Register<Write> write, written;
    std::size_t last_port = 1;
    bool locked = false;
  };

  void arbitrate(std::int32_t number);

  std::vector<std::int32_t>& tags_;
  const Shape& shape_;
  std::array<Port, 2> ports_;
  std::array<Bank, 2> banks_;
  int writing_ = 0;  ///< Lines that came and are not yet in the buffer.
};

}  // namespace hdp::spatten_rtl
