// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include <machine/traces.hpp>

#include <hdp/base/random.hpp>
#include <hdp/machine/token_picker/run.hpp>

namespace hdp::test {

/// A machine whose memory only costs its latency: what is left is what the closed formula counts.
inline TokenPickerConfig unloaded_token_picker(std::int64_t memory_latency = 10) {
  TokenPickerConfig config;
  config.memory.model = "ideal";
  config.memory.bandwidth_mb_per_s = 1'000'000'000;
  config.memory.latency_cycles = memory_latency;
  return config;
}

/// `steps` steps behind `context` tokens.
inline Trace decode_trace(std::int64_t heads, std::int64_t kv_heads, std::int64_t context,
                          std::int64_t steps, std::int64_t d = 64, std::int64_t layers = 1,
                          unsigned seed = 7) {
  return random_trace(
      {.heads = heads, .kv_heads = kv_heads, .n_q = steps, .n_k = context + steps, .d = d},
      Stage::Decode, true, seed, layers);
}

/// Takes everything, and ends every access after a latency of its own: nothing comes in order.
class ShufflingMemory final : public MemorySimulator {
 public:
  explicit ShufflingMemory(std::uint64_t seed, std::uint64_t most_latency = 200)
      : random_(seed, "shuffling memory"), most_latency_(most_latency) {}
  [[nodiscard]] std::int64_t access_bytes() const override { return 32; }
  [[nodiscard]] std::int64_t tck_ps() const override { return 1000; }
  [[nodiscard]] bool can_accept(std::uint64_t, bool) const override { return true; }
  void send(std::uint64_t, bool, std::uint32_t tag, Cycle now) override {
    const auto latency = static_cast<std::int64_t>(1 + random_.below(most_latency_));
    ends_.emplace(now + Cycles{latency}, tag);
  }
  void tick(Cycle now) override {
    for (; !ends_.empty() && ends_.begin()->first <= now; ends_.erase(ends_.begin()))
      tell(ends_.begin()->second, now);
  }

 private:
  RandomStream random_;
  std::uint64_t most_latency_;
  std::multimap<Cycle, std::uint32_t> ends_;
};

}  // namespace hdp::test
