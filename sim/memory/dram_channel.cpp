// SPDX-License-Identifier: Apache-2.0
#include "memory/bank_queue_channel.hpp"
#include "memory/shared_queue_channel.hpp"
#include <hdp/memory/dram_channel.hpp>

namespace hdp {

std::int64_t controllers_of(const DramConfig& config) {
  const bool split = config.controller == DramController::BankQueues;
  return config.organisation.channels * (split ? config.organisation.pseudo_channels : 1);
}

std::unique_ptr<DramChannel> make_dram_channel(const DramConfig& config) {
  if (config.controller == DramController::BankQueues)
    return std::make_unique<BankQueueChannel>(config);
  return std::make_unique<SharedQueueChannel>(config);
}

}  // namespace hdp
