// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <hdp/base/quantity.hpp>
#include <hdp/memory/access_listener.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/dram_stats.hpp>

namespace hdp {

/// One access on its way to a channel. Banks are numbered through pseudo-channels and ranks.
struct DramAccess {
  std::uint64_t address = 0;
  std::int32_t row = 0;
  std::uint32_t column = 0, bank = 0;
  std::uint32_t tag = 0;
  bool write = false;
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
  /// From now on writes are not kept back for others to join them.
  virtual void drain_writes(Cycle now) = 0;
  /// Writes that are accepted and not in the device.
  [[nodiscard]] virtual std::int64_t buffered_writes() const = 0;
  /// Nothing is left to do for any request, but for data on its way back.
  [[nodiscard]] virtual bool drained() const = 0;
  /// The last tick so far known to do something for a request.
  [[nodiscard]] Cycle finished_at() const { return stats_.finished_at; }
  /// Counts up to the cycle before `end`; time may go on from there.
  [[nodiscard]] virtual DramStats close(Cycle end) = 0;

  /// `listener` may be null (the default) and must outlive the channel.
  void set_listener(AccessListener* listener) { listener_ = listener; }

 protected:
  void tell(std::uint32_t tag, Cycle at) {
    if (listener_ != nullptr) listener_->on_done(tag, at);
  }
  void count_read(Cycles latency) {
    stats_.read_latency += latency;
    stats_.read_latencies.add(latency);
  }
  DramStats stats_;

 private:
  AccessListener* listener_ = nullptr;
};

/// The channels of `config` that schedule on their own: with bank_queues every pseudo-channel is
/// one.
std::int64_t controllers_of(const DramConfig& config);
std::unique_ptr<DramChannel> make_dram_channel(const DramConfig& config);

}  // namespace hdp
