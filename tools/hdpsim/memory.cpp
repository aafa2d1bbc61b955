// SPDX-License-Identifier: Apache-2.0
// std::bad_alloc carries no size; this program's operator new remembers the one that it refused.
#include "memory.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include <fmt/format.h>

namespace {

std::atomic<std::size_t> refused{0};

}  // namespace

void* operator new(std::size_t size) {
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  refused = size;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace hdp {

std::string out_of_memory() {
  if (refused == 0) return "out of memory; allowed: a smaller workload, fewer threads";
  return fmt::format(
      "out of memory: {} bytes more were asked for; allowed: a smaller workload, "
      "fewer threads",
      refused.load());
}

}  // namespace hdp
