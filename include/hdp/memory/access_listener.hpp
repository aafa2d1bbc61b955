// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <hdp/base/quantity.hpp>

namespace hdp {

/// Hears when accesses to a memory end.
class AccessListener {
 public:
  virtual ~AccessListener() = default;
  /// The access with this tag ends at `at`, in memory cycles, which may lie ahead.
  virtual void on_done(std::uint32_t tag, Cycle at) = 0;
};

}  // namespace hdp
