// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <hdp/base/quantity.hpp>
#include <hdp/memory/dram_command.hpp>
#include <hdp/memory/dram_config.hpp>

namespace hdp {

/// How far apart two commands lie for a rule between them to hold.
enum class Scope : std::uint8_t { Channel, Rank, Group, Bank, OtherRanks };

/// `to` comes at least `cycles` after `from`.
struct TimingRule {
  DramCommand from, to;
  Scope scope;
  Cycles cycles;
};

/// The times as the controller of `config` applies them to an ACT of its own length.
DramTiming applied_timing(const DramConfig& config);

/// All rules of a device, but for the window of four activations.
std::vector<TimingRule> timing_rules(const DramConfig& config);

}  // namespace hdp
