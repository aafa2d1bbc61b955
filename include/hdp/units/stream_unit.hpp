// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <hdp/base/quantity.hpp>
#include <hdp/config/field.hpp>
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/units/phase.hpp>

namespace hdp {

/// Values that stream into a unit for so many cycles. A job takes at least one.
struct StreamJob {
  StripId id;
  std::int64_t cycles = 0;
};

/// The results of a job are there.
struct StreamDone {
  StripId id;
};

enum class StreamWait : std::uint8_t { Output, Count };
template <>
struct EnumNames<StreamWait> {
  static constexpr std::array<std::string_view, 1> kNames{"output"};
};

/// Kinds of stream units: each counts its jobs.
const UnitKind& softmax_kind();      ///< A job is a strip of rows,
const UnitKind& row_softmax_kind();  ///< or a row.
const UnitKind& top_k_engine_kind();
const UnitKind& bit_width_converter_kind();
const UnitKind& vector_unit_kind();        ///< A job is a tile of outputs, or rows of activations.
const UnitKind& strip_probability_kind();  ///< A job is a round of a strip (probability_unit.md).

/// A pipelined unit that takes jobs of known length one after another: softmax, top-k engine,
/// bit-width converter, vector unit. Results follow the last value by the latency of the output
/// channel.
class StreamUnit final : public Unit {
 public:
  /// `what` it does is what a timeline shows; it must outlive the unit.
  StreamUnit(std::string name, std::string_view what, Channel<StreamJob>& in_jobs,
             Channel<StreamDone>& out_done, const UnitKind& kind);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] const TimeSplit<StreamWait>& time() const { return time_; }
  [[nodiscard]] const UnitKind& kind() const override { return kind_; }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<StreamWait>::kNames, {jobs_});
  }
  [[nodiscard]] std::int64_t jobs() const { return jobs_; }

 private:
  void finish(Cycle now);
  void start(Cycle now);

  std::string_view what_;
  const UnitKind& kind_;
  Channel<StreamJob>& in_jobs_;
  Channel<StreamDone>& out_done_;

  bool busy_ = false;
  StreamJob job_;
  Cycle started_at_, done_at_;

  TimeSplit<StreamWait> time_;
  std::int64_t jobs_ = 0;
};

}  // namespace hdp
