// SPDX-License-Identifier: Apache-2.0
#include "machine/memory_use.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <hdp/base/check.hpp>

namespace hdp {

std::vector<Counter> tensor_counters(const TensorBytes& bytes, const std::vector<Tensor>& always) {
  std::vector<Counter> counters;
  for (std::size_t t = 0; t < kTensors; ++t) {
    const auto tensor = static_cast<Tensor>(t);
    if (bytes[t] != 0 || std::ranges::find(always, tensor) != always.end())
      counters.push_back({std::string(name_of(tensor)), bytes[t]});
  }
  return counters;
}

void check_bytes(const TensorBytes& read, const TensorBytes& written, const MemoryStats& stats) {
  HDP_CHECK(sum_of(read) == stats.read_bytes, "bytes read = bytes served");
  HDP_CHECK(sum_of(written) == stats.written_bytes, "bytes written = bytes taken");
}

MemoryUse memory_use(const MemoryStats& stats, const std::optional<DramUse>& dram, bool foreign) {
  MemoryUse use;
  use.model = dram ? dram->config.name : foreign ? "foreign" : std::string(kIdealMemory);
  use.counters = {{"moved_bytes", stats.moved_bytes}};
  if (!dram)  // rows are a DRAM's: its own counters take their place
    for (const char* name : {"row_hits", "row_misses", "row_conflicts"})
      use.counters.push_back({name, 0});
  use.dram = dram;
  return use;
}

void add_dram_remarks(const std::optional<DramUse>& dram, std::vector<std::string>& remarks) {
  if (!dram) return;
  for (std::string& remark : dram_remarks(*dram)) remarks.push_back(std::move(remark));
}

}  // namespace hdp
