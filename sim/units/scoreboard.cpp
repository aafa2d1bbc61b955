// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <hdp/units/scoreboard.hpp>

namespace hdp {
namespace {

constexpr std::array<CounterInfo, 2> kScoreboardCounters{
    {{"tokens", "tokens", "Tokens that took an entry."},
     {"most_entries", "entries", "Entries in use at a time, at most."}}};

}  // namespace

const UnitKind& scoreboard_kind() {
  static constexpr UnitKind kKind{
      "scoreboard", "Partial scores of tokens whose key is on its way: busy while it has any.",
      kScoreboardCounters};
  return kKind;
}

void Scoreboard::account(bool wanted, Cycle now) {
  using State = TimeSplit<ScoreboardWait>::State;
  if (wanted)
    time_.enter({State::Blocked, ScoreboardWait::Full}, now);
  else
    time_.enter({taken_ == 0 ? State::Idle : State::Busy}, now);
}

UnitReport Scoreboard::report(std::string instance) const {
  return {.instance = std::move(instance),
          .kind = std::string(scoreboard_kind().name),
          .total = time_.total().count,
          .idle = time_.idle().count,
          .busy = time_.busy().count,
          .blocked = {{std::string(name_of(ScoreboardWait::Full)),
                       time_.blocked(ScoreboardWait::Full).count}},
          .counters = counters_of(scoreboard_kind(), std::array{tokens_, most_})};
}

}  // namespace hdp
