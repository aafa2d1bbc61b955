// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/units/block_ranker.hpp>
#include <hdp/units/phase.hpp>

namespace hdp {

struct SparsityEngineConfig {
  std::int64_t blocks_per_cycle = 1;
  std::int64_t threshold_cycles = 4;
  std::int64_t compares_per_cycle = 16;
  std::int64_t head_test_cycles = 1;
  BlockRankerConfig top_k{};

  static constexpr auto kFields = std::tuple{
      Field{&SparsityEngineConfig::blocks_per_cycle, "blocks_per_cycle", "blocks/cycle",
            "Block importances summed a cycle.", Range{1, 4096}},
      Field{&SparsityEngineConfig::threshold_cycles, "threshold_cycles", "cycles",
            "From the minimum, maximum and sum of a row of blocks to its threshold.",
            Range{0, 1024}},
      Field{&SparsityEngineConfig::compares_per_cycle, "compares_per_cycle", "blocks/cycle",
            "Blocks held against the threshold a cycle.", Range{1, 4096}},
      Field{&SparsityEngineConfig::head_test_cycles, "head_test_cycles", "cycles",
            "The head decision, after the last row of blocks.", Range{0, 1024}},
      Field{&SparsityEngineConfig::top_k, "top_k", "",
            "The engines that rank rows of blocks where prune.rule is top_k."}};
};

/// Cycles to sum the importances of `blocks` blocks of a tile.
Cycles engine_add_cycles(const SparsityEngineConfig& config, std::int64_t blocks);
/// Cycles for the threshold and mask of one row of `blocks` blocks.
Cycles engine_select_cycles(const SparsityEngineConfig& config, std::int64_t blocks);

/// Integer scores of a tile. `select` > 0 closes a strip: its thresholds, masks and perhaps the
/// head decision follow.
struct EngineTile {
  StripId id;
  std::int32_t add = 0;
  std::int32_t select = 0;
};

/// The masks of a strip are known.
struct StripMask {
  StripId id;
};

enum class EngineWait : std::uint8_t { Output, Count };
template <>
struct EnumNames<EngineWait> {
  static constexpr std::array<std::string_view, 1> kNames{"output"};
};

const UnitKind& sparsity_engine_kind();

/// Turns integer scores into block masks, in the shadow of the PE array: tile after tile, in the
/// order they come.
class SparsityEngine final : public Unit {
 public:
  SparsityEngine(std::string name, Channel<EngineTile>& in_tiles, Channel<StripMask>& out_masks);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] const TimeSplit<EngineWait>& time() const { return time_; }
  [[nodiscard]] const UnitKind& kind() const override { return sparsity_engine_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<EngineWait>::kNames, {tiles_, strips_});
  }
  [[nodiscard]] std::int64_t tiles() const { return tiles_; }
  [[nodiscard]] std::int64_t strips() const { return strips_; }

 private:
  void finish(Cycle now);
  void start(Cycle now);

  Channel<EngineTile>& in_tiles_;
  Channel<StripMask>& out_masks_;

  bool busy_ = false;
  EngineTile tile_;
  Cycle started_at_, done_at_;

  TimeSplit<EngineWait> time_;
  std::int64_t tiles_ = 0;
  std::int64_t strips_ = 0;
};

}  // namespace hdp
