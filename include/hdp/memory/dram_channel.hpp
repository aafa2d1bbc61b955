// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include <hdp/base/quantity.hpp>
#include <hdp/memory/dram_command.hpp>
#include <hdp/memory/dram_config.hpp>

namespace hdp {

/// One access on its way to a channel. Banks are numbered through pseudo-channels and ranks.
struct DramAccess {
  std::uint64_t address = 0;
  std::int32_t row = 0;
  std::uint32_t column = 0, bank = 0;
  std::uint32_t tag = 0;
  bool write = false;
};

/// What a channel counts.
struct DramStats {
  std::int64_t reads = 0, writes = 0;  ///< Accepted.
  std::int64_t row_hits = 0, row_misses = 0, row_conflicts = 0;
  Cycles read_latency{};   ///< Of all reads together, from acceptance to data.
  Cycle last_read_at{-1};  ///< The tick that returns the last read.
  Cycle finished_at{-1};   ///< The last tick that did something for a request.
  std::array<std::int64_t, kDramCommands> commands{};
  Cycles active_standby{};  ///< With an open bank, summed over ranks; after close().
};

/// Hears of reads whose data, and of writes whose command, is under way.
class DramListener {
 public:
  virtual ~DramListener() = default;
  /// The access with this tag ends at `at`, which may lie ahead.
  virtual void on_done(std::uint32_t tag, Cycle at) = 0;
};

/// A DRAM channel with its controller. In each cycle: offer accesses while they are accepted, then
/// tick. Cycles before next_event() may be left out unless an access is sent.
class DramChannel {
 public:
  virtual ~DramChannel() = default;

  [[nodiscard]] virtual bool can_accept(const DramAccess& access) const = 0;
  /// Only where can_accept; tick(now) must follow.
  virtual void send(const DramAccess& access, Cycle now) = 0;
  virtual void tick(Cycle now) = 0;
  /// After tick(now): the earliest cycle at which a tick could do anything unless something is
  /// sent.
  [[nodiscard]] virtual Cycle next_event(Cycle now) const = 0;
  /// Nothing is left to do for any request, but for data on its way back.
  [[nodiscard]] virtual bool drained() const = 0;
  /// The last tick so far known to do something for a request.
  [[nodiscard]] Cycle finished_at() const { return stats_.finished_at; }
  /// Counts up to the cycle before `end`.
  [[nodiscard]] virtual DramStats close(Cycle end) = 0;

  /// `listener` may be null (the default) and must outlive the channel.
  void set_listener(DramListener* listener) { listener_ = listener; }

 protected:
  void tell(std::uint32_t tag, Cycle at) {
    if (listener_ != nullptr) listener_->on_done(tag, at);
  }
  DramStats stats_;

 private:
  DramListener* listener_ = nullptr;
};

/// The channels of `config` that schedule on their own: with bank_queues every pseudo-channel is
/// one.
std::int64_t controllers_of(const DramConfig& config);
std::unique_ptr<DramChannel> make_dram_channel(const DramConfig& config);

}  // namespace hdp
