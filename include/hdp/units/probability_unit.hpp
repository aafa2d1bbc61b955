// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/units/lane_array.hpp>

namespace hdp {

struct ProbabilityUnitConfig {
  std::int64_t tests_per_cycle = 16;
  std::int64_t latency_cycles = 6;
  std::int64_t margin_elements = 64;

  static constexpr auto kFields = std::tuple{
      Field{&ProbabilityUnitConfig::tests_per_cycle, "tests_per_cycle", "tests/cycle",
            "Bounds that enter the denominator and are tested in a cycle.", Range{1, 1024}},
      Field{&ProbabilityUnitConfig::latency_cycles, "latency_cycles", "cycles",
            "From a partial score to what becomes of its token: margins, exponential, sum, "
            "logarithm, comparison.",
            Range{1, 256}},
      Field{&ProbabilityUnitConfig::margin_elements, "margin_elements", "elements/cycle",
            "Elements of a query that the margin generator takes in a cycle.", Range{1, 4096}}};
};

/// Cycles of the margin generator for a query of d elements: one pass, for all chunks.
constexpr std::int64_t margin_cycles(const ProbabilityUnitConfig& config, std::int64_t d) {
  return ceil_div(d, config.margin_elements);
}

/// Cycles of a row of a strip in one round, of so many bounds. In the first all of them enter the
/// denominator before any is tested; later each is tested as it enters.
constexpr std::int64_t probability_row_cycles(const ProbabilityUnitConfig& config,
                                              std::int64_t bounds, bool first) {
  return (first ? 2 : 1) * ceil_div(bounds, config.tests_per_cycle);
}

/// What becomes of a token, for each query that met it: a bit a query.
struct TokenVerdict {
  std::uint32_t job = 0;
  std::uint16_t vector = 0;
  std::uint32_t keep = 0, next = 0;
};

/// Who decides, in the order in which scores come.
class ProbabilityJudge {
 public:
  virtual ~ProbabilityJudge() = default;
  virtual TokenVerdict judge(const LaneResult& result) = 0;
};

enum class ProbabilityWait : std::uint8_t { Output, Count };
template <>
struct EnumNames<ProbabilityWait> {
  static constexpr std::array<std::string_view, 1> kNames{"output"};
};

const UnitKind& probability_unit_kind();

/// Denominator and decision (sim/units/probability_unit.md): takes scores in the order in which
/// they come, so many tests a cycle; verdicts follow by the latency of the output channel.
class ProbabilityUnit final : public Unit {
 public:
  ProbabilityUnit(std::string name, const ProbabilityUnitConfig& config,
                  Channel<LaneResult>& in_scores, Channel<TokenVerdict>& out_verdicts,
                  ProbabilityJudge& judge);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const UnitKind& kind() const override { return probability_unit_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ProbabilityWait>::kNames, {tests_, tokens_});
  }

  [[nodiscard]] std::int64_t tests() const { return tests_; }

 private:
  ProbabilityUnitConfig config_;
  Channel<LaneResult>& in_scores_;
  Channel<TokenVerdict>& out_verdicts_;
  ProbabilityJudge& judge_;

  std::int64_t begun_ = 0;  ///< Tests of the front score that are done.
  bool worked_ = false;
  Cycle busy_since_{0};
  TimeSplit<ProbabilityWait> time_;
  std::int64_t tests_ = 0, tokens_ = 0;
};

}  // namespace hdp
