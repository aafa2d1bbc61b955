// SPDX-License-Identifier: Apache-2.0
// Replaces the global operator new, so at most one file of a test program may include this one.
#include <atomic>
#include <cstdlib>
#include <new>

#include <support/allocation_counter.hpp>

namespace {

std::atomic<std::int64_t> allocation_count{0};

void* counted(void* memory) {
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

std::size_t rounded_up(std::size_t size, std::size_t unit) {
  return (size + unit - 1) / unit * unit;
}

}  // namespace

namespace hdp::test {
std::int64_t allocations() { return allocation_count.load(std::memory_order_relaxed); }
}  // namespace hdp::test

void* operator new(std::size_t size) { return counted(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, std::align_val_t align) {
  const auto unit = static_cast<std::size_t>(align);
  return counted(std::aligned_alloc(unit, rounded_up(size == 0 ? 1 : size, unit)));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
