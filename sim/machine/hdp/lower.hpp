// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "machine/hdp/kept_blocks.hpp"
#include "machine/hdp/kept_cycles.hpp"
#include "machine/hdp/kept_loads.hpp"
#include <hdp/machine/hdp/lowering.hpp>

namespace hdp {

/// Bits through a buffer.
inline void add_traffic(std::int64_t bits, Buffer buffer,
                        std::array<std::int64_t, kBuffers>& direction) {
  direction[static_cast<std::size_t>(buffer)] += bits;
}

void lower_dense(const HdpConfig& config, const Layout& layout, std::int64_t layer,
                 std::int64_t head, const Problem& problem, HeadWork& work);

/// A planned head, from its strips to its loads. Scratch is kept.
class HdpLowering {
 public:
  explicit HdpLowering(const HdpConfig& config)
      : config_(config), cycles_(config), loads_(config_) {}
  HdpLowering(const HdpLowering&) = delete;
  HdpLowering& operator=(const HdpLowering&) = delete;
  void lower(const Layout& layout, std::int64_t layer, std::int64_t head, const HdpPlan& plan,
             HeadWork& work);

 private:
  void integer_pass(const Layout& layout, const HdpPlan& plan, const Strip& strip,
                    StripWork& strip_work, BufferTraffic& traffic) const;
  void kept_pass(const Layout& layout, const HdpPlan& plan, const Strip& strip,
                 StripWork& strip_work, HeadWork& work);
  [[nodiscard]] std::int64_t deciding_strip(const HdpPlan& plan, std::int64_t strips) const;

  HdpConfig config_;
  KeptBlocks kept_;
  KeptCycleCounter cycles_;
  KeptLoads loads_;
};

}  // namespace hdp
