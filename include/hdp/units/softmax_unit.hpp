// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/component.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/units/phase.hpp>

namespace hdp {

struct SoftmaxConfig {
  std::int64_t lanes = 8;
  std::int64_t latency_cycles = 87;

  static constexpr auto kFields = std::tuple{
      Field{&SoftmaxConfig::lanes, "lanes", "scores/cycle", "Scores taken a cycle.",
            Range{1, 4096}},
      Field{&SoftmaxConfig::latency_cycles, "latency_cycles", "cycles",
            "Pipeline from the last score of a strip to its probabilities; 87 is the sum of the "
            "stages of SpAtten's published behaviour model.",
            Range{1, 4096}}};
};

/// Cycles that the unit is taken by one row of `entries` scores.
Cycles softmax_row_cycles(const SoftmaxConfig& config, std::int64_t entries);

/// Scores of a strip; `cycles` is the sum over its rows. A strip takes at least one.
struct SoftmaxStrip {
  StripId id;
  std::int64_t cycles = 0;
};

/// The probabilities of a strip are there.
struct StripProbabilities {
  StripId id;
};

enum class SoftmaxWait : std::uint8_t { Output, Count };
template <>
struct EnumNames<SoftmaxWait> {
  static constexpr std::array<std::string_view, 1> kNames{"output"};
};

/// Pipelined softmax: rows stream in one after another, probabilities follow latency_cycles later
/// (the latency of the output channel).
class SoftmaxUnit final : public Component {
 public:
  SoftmaxUnit(std::string name, Channel<SoftmaxStrip>& in_scores,
              Channel<StripProbabilities>& out_probabilities);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] const TimeSplit<SoftmaxWait>& time() const { return time_; }
  [[nodiscard]] std::int64_t strips() const { return strips_; }

 private:
  void finish(Cycle now);
  void start(Cycle now);

  Channel<SoftmaxStrip>& in_scores_;
  Channel<StripProbabilities>& out_probabilities_;

  bool busy_ = false;
  SoftmaxStrip strip_;
  Cycle started_at_, done_at_;

  TimeSplit<SoftmaxWait> time_;
  std::int64_t strips_ = 0;
};

}  // namespace hdp
