// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>

namespace hdp {

/// The phases of a head as reports name them. Dense attention has score, softmax and value.
enum class RecordedPhase : std::uint8_t { Integer, Decide, Fraction, Score, Softmax, Value, Count };
inline constexpr std::size_t kRecordedPhases = static_cast<std::size_t>(RecordedPhase::Count);
template <>
struct EnumNames<RecordedPhase> {
  static constexpr std::array<std::string_view, kRecordedPhases> kNames{
      "integer", "decide", "fraction", "score", "softmax", "value"};
};

/// From the first start to the last end; nothing where it never began.
struct PhaseRecord {
  Cycle start = kNever;
  Cycle end{0};
  [[nodiscard]] bool happened() const { return start != kNever; }
  void cover(Cycle from, Cycle to) {
    start = std::min(start, from);
    end = std::max(end, to);
  }
};

/// The phases of one head of one problem.
struct HeadRecord {
  std::int64_t sequence = 0, layer = 0, head = 0;
  std::array<PhaseRecord, kRecordedPhases> phases{};
};

}  // namespace hdp
