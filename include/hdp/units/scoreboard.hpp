// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <hdp/base/check.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>

namespace hdp {

enum class ScoreboardWait : std::uint8_t { Full, Count };
template <>
struct EnumNames<ScoreboardWait> {
  static constexpr std::array<std::string_view, 1> kNames{"full"};
};

const UnitKind& scoreboard_kind();

/// Tokens whose key is on its way or waits for its next chunk, an entry each
/// (sim/units/scoreboard.md). Its sequencer drives it.
class Scoreboard {
 public:
  explicit Scoreboard(std::int64_t entries) : entries_(entries) {}

  [[nodiscard]] std::int64_t free() const { return entries_ - taken_; }
  void take(std::int64_t entries) {
    HDP_CHECK(entries <= free(), "the scoreboard has an entry for every token");
    taken_ += entries;
    tokens_ += entries;
    most_ = std::max(most_, taken_);
  }
  void release() { --taken_; }
  /// Charges time: at the end of the sequencer's tick. `wanted`: a token had no entry.
  void account(bool wanted, Cycle now);
  void close(Cycle end) { time_.close(end); }
  [[nodiscard]] UnitReport report(std::string instance) const;

 private:
  std::int64_t entries_;
  std::int64_t taken_ = 0, most_ = 0, tokens_ = 0;
  TimeSplit<ScoreboardWait> time_;
};

}  // namespace hdp
