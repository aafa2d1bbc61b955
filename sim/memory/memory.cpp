// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <hdp/base/error.hpp>
#include <hdp/memory/dram_system.hpp>
#include <hdp/memory/ideal_memory.hpp>
#include <hdp/memory/memory.hpp>
#include <hdp/memory/memory_adapter.hpp>

namespace hdp {

void validate(const MemoryConfig& config) {
  if (config.ideal()) return;
  if (config.model != kInlineDram)
    throw UserError({.path = "/memory/model",
                     .problem = fmt::format("\"{}\" has not been resolved", config.model),
                     .allowed = fmt::format("{}, {}", kIdealMemory, kInlineDram)});
  try {
    validate(config.dram);
  } catch (const UserError& mistake) {
    throw mistake.within("/memory/dram");
  }
}

std::unique_ptr<Memory> make_memory(const MemoryConfig& config, std::int64_t clock_mhz,
                                    std::vector<TransferPort*> ports) {
  validate(config);
  if (config.ideal())
    return std::make_unique<IdealMemory>("memory", config, clock_mhz, std::move(ports));
  return std::make_unique<MemoryAdapter>("memory", std::make_unique<DramSystem>(config.dram),
                                         clock_mhz, std::move(ports));
}

}  // namespace hdp
