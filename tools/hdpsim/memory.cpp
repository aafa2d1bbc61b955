// SPDX-License-Identifier: Apache-2.0
// std::bad_alloc carries no size; this program's operator new remembers the one that it refused.
#include "memory.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include <fmt/format.h>

namespace {

std::atomic<std::size_t> refused{0};  // NOLINT(*-avoid-non-const-global-variables)

}  // namespace

// NOLINTBEGIN(*-no-malloc)
#ifndef __SANITIZE_ADDRESS__  // which has operators of its own, and checks that they are paired
void* operator new(std::size_t size) {
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  refused = size;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept { std::free(memory); }
#endif
// NOLINTEND(*-no-malloc)

namespace hdp {

std::string out_of_memory() {
  if (refused == 0) return "out of memory; allowed: a smaller workload, fewer threads";
  return fmt::format(
      "out of memory: {} bytes more were asked for; allowed: a smaller workload, "
      "fewer threads",
      refused.load());
}

}  // namespace hdp
