// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// Lines to read, in order: `count` from `start`, around the buffer.
struct ReadDescriptor {
  std::int32_t start = 0, count = 0, tag = 0;
};

/// Reads lines before they may have been written: where the tag of one is not the expected, all
/// later reads are dropped and begin again at it, every five cycles.
class LineReader {
 public:
  LineReader(const std::vector<std::int32_t>& tags, const Shape& shape)
      : tags_(tags), shape_(shape) {}

  /// Steps after its taker and before its giver.
  void step(Time now);
  Register<ReadDescriptor>& descriptor() { return descriptor_; }
  /// A line is at the exit; whether it is the last of its descriptor.
  [[nodiscard]] bool valid() const { return out_.valid; }
  [[nodiscard]] bool last() const { return out_.value; }
  void take() { out_.valid = false; }

 private:
  struct Read {
    std::int32_t line = 0, tag = 0;
    bool last = false;
  };
  /// A read whose tag has been compared.
  struct Outcome {
    bool last = false, flag = false, match = false;
  };
  static constexpr std::uint32_t kRing = 16;

  [[nodiscard]] bool idle() const {
    return !descriptor_.valid && !generator_.valid && commit_ == pushed_ && reading_ == 0;
  }
  bool check();
  void pick_bank();
  void issue(Time now);
  void generate();

  const std::vector<std::int32_t>& tags_;
  const Shape& shape_;
  Register<ReadDescriptor> descriptor_;
  std::int32_t generated_ = 0;
  Register<Read> generator_, issued_;
  bool issued_flag_ = false;
  std::array<Read, kRing> ring_{};
  std::uint32_t pushed_ = 0, issue_ = 0, commit_ = 0;  ///< Counts; a slot is one modulo the ring.
  int reading_ = 0;                                    ///< Reads between ring and exit.
  bool flag_ = false, dead_ = true;
  std::array<Register<Outcome>, 2> entering_, leaving_;  ///< Of each bank.
  Register<Outcome> checked_;
  int locked_bank_ = -1;
  Register<bool> out_;
};

}  // namespace hdp::spatten_rtl
