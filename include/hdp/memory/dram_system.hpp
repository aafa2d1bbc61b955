// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <hdp/memory/dram_config.hpp>
#include <hdp/memory/memory_simulator.hpp>

namespace hdp {

/// All channels of a DRAM behind the four verbs.
class DramSystem final : public MemorySimulator {
 public:
  /// UserError where `config` is invalid.
  explicit DramSystem(const DramConfig& config);
  ~DramSystem() override;

  [[nodiscard]] std::int64_t access_bytes() const override;
  [[nodiscard]] std::int64_t tck_ps() const override;
  [[nodiscard]] std::uint64_t capacity_bytes() const override;
  [[nodiscard]] bool can_accept(std::uint64_t address, bool write) const override;
  void send(std::uint64_t address, bool write, std::uint32_t tag, Cycle now) override;
  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;

  const DramUse* close(Cycle end) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hdp
