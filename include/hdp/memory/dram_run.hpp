// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <hdp/config/field.hpp>
#include <hdp/kernel/idle_cycles.hpp>
#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/dram_request.hpp>
#include <hdp/memory/dram_result.hpp>

namespace hdp {

/// Who waits for whom: one queue for all, or one a channel.
enum class DramFeed : std::uint8_t { Inorder, Perchan };
template <>
struct EnumNames<DramFeed> {
  static constexpr std::array<std::string_view, 2> kNames{"inorder", "perchan"};
};

/// Plays a request stream: as many requests a cycle as are accepted, until every read is back and
/// every write is in the device (bank_queues keeps up to idle_drain_writes a channel). UserError
/// where the configuration is invalid, an address lies behind the end of the device, or the
/// controller can make no progress.
DramResult run_requests(const DramConfig& config, std::span<const DramRequest> requests,
                        DramFeed feed, IdleCycles idle = IdleCycles::Skip);

}  // namespace hdp
