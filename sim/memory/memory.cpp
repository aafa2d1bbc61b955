// SPDX-License-Identifier: Apache-2.0
#include <hdp/base/check.hpp>
#include <hdp/memory/ideal_memory.hpp>
#include <hdp/memory/memory.hpp>

namespace hdp {

std::unique_ptr<Memory> make_memory(const MemoryConfig& config, std::int64_t clock_mhz,
                                    std::vector<TransferPort*> ports) {
  switch (config.model) {
    case MemoryModel::Ideal:
      return std::make_unique<IdealMemory>("memory", config, clock_mhz, std::move(ports));
  }
  HDP_CHECK(false, "every memory model is handled");
}

}  // namespace hdp
