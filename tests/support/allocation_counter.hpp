// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hdp::test {

/// Calls of any operator new since the program began. Needs allocation_counter.cpp linked in.
std::int64_t allocations();

/// How often `work` allocates.
template <class Work>
std::int64_t allocations_in(Work&& work) {
  const std::int64_t before = allocations();
  work();
  return allocations() - before;
}

}  // namespace hdp::test
