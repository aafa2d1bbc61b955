// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp {

/// One access of a request stream.
struct DramRequest {
  std::uint64_t address = 0;
  std::uint32_t not_before = 0;  ///< Memory cycle before which it does not exist.
  bool write = false;
  friend bool operator==(const DramRequest&, const DramRequest&) = default;
};

}  // namespace hdp
