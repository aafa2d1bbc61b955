// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include <hdp/base/quantity.hpp>
#include <hdp/memory/access_listener.hpp>
#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// The seam for a memory simulator, ours or a foreign one (docs/memory.md): accesses of one size,
/// on its own clock, with four verbs. Every cycle, in order: offer accesses while can_accept says
/// yes, then tick. A memory that answers next_event may be left alone until then, unless an access
/// is sent; by default no cycle is left out.
class MemorySimulator {
 public:
  virtual ~MemorySimulator() = default;

  /// Size and alignment of an access; a power of two.
  [[nodiscard]] virtual std::int64_t access_bytes() const = 0;
  /// Period of its clock, in ps.
  [[nodiscard]] virtual std::int64_t tck_ps() const = 0;
  /// Addresses from here on do not exist.
  [[nodiscard]] virtual std::uint64_t capacity_bytes() const {
    return std::numeric_limits<std::uint64_t>::max();
  }

  [[nodiscard]] virtual bool can_accept(std::uint64_t address, bool write) const = 0;
  /// Only where can_accept; tick(now) must follow. Reads and writes are both reported when done.
  virtual void send(std::uint64_t address, bool write, std::uint32_t tag, Cycle now) = 0;
  virtual void tick(Cycle now) = 0;
  /// After tick(now): the earliest later cycle at which a tick could change anything.
  [[nodiscard]] virtual Cycle next_event(Cycle now) const { return now + Cycles{1}; }

  /// The run ends before `end`; writes that are still on their way end in its accounts. What a
  /// DRAM has to say of itself, valid until the next call; null where there is nothing to say.
  virtual const DramUse* close([[maybe_unused]] Cycle end) { return nullptr; }

  /// Set before the first access; outlives the last one.
  void set_listener(AccessListener* listener) { listener_ = listener; }

 protected:
  void tell(std::uint32_t tag, Cycle at) {
    if (listener_ != nullptr) listener_->on_done(tag, at);
  }

 private:
  AccessListener* listener_ = nullptr;
};

}  // namespace hdp
