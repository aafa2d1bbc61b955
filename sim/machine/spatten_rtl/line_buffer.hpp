// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "line_reader.hpp"
#include "line_writer.hpp"
#include "shape.hpp"

namespace hdp::spatten_rtl {

/// The K or the V buffer: lines with the tag of the data they hold, in two banks. Cleared tags have
/// all bits set, so that lines never written seem to hold the data of the 16th batch.
class LineBuffer {
 public:
  LineBuffer(const Shape& shape, std::int32_t cleared)
      : tags_(static_cast<std::size_t>(shape.buffer_lines), cleared),
        reader(tags_, shape),
        writer(tags_, shape) {}
  LineBuffer(const LineBuffer&) = delete;
  LineBuffer& operator=(const LineBuffer&) = delete;

 private:
  std::vector<std::int32_t> tags_;

 public:
  LineReader reader;
  LineWriter writer;
};

}  // namespace hdp::spatten_rtl
