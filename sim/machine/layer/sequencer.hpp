// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "machine/control.hpp"
#include "machine/layer/program.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/units/matrix_engine.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp::layer {

const UnitKind& program_sequencer_kind();

/// Hands every action of a program to its unit as soon as what it needs has ended.
class Sequencer final : public Unit {
 public:
  struct Ports {
    Channel<FetchCommand>&out_weights, &out_inputs, &out_outputs;
    Channel<FetchDone>&in_weights, &in_inputs, &in_outputs;
    Channel<MatrixPass>& out_passes;
    Channel<MatrixPassDone>& in_passes;
    Wire<MatrixWait>& wait;
    Channel<StreamJob>&out_softmax, &out_vector;
    Channel<StreamDone>&in_softmax, &in_vector;
  };
  Sequencer(std::string name, const Ports& ports);

  /// By hand, between runs, when finished(). The program must live until it is finished again.
  void begin(const Program& program, Cycle now);
  [[nodiscard]] bool finished() const { return left_ == 0; }
  /// When the phases of the last program took place: passes, jobs and writes of outputs.
  [[nodiscard]] std::span<const PhaseRecord> records() const { return records_; }

  void tick(Cycle now) override;
  [[nodiscard]] std::string describe_wait() const override;
  [[nodiscard]] Cycle next_event(Cycle) const override { return kNever; }
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const UnitKind& kind() const override { return program_sequencer_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ControlWait>::kNames, {programs_, actions_});
  }
  /// What the end of the last action hung on.
  [[nodiscard]] const CriticalPath& last_path() const { return state(last_).path; }

 private:
  /// Where a track stands in the program.
  struct State {
    std::uint32_t given = 0, ended = 0;
    Cycle ended_at{};
    CriticalPath path{};  ///< Of its last end.
  };
  [[nodiscard]] const State& state(Track track) const {
    return tracks_[static_cast<std::size_t>(track)];
  }
  State& state(Track track) { return tracks_[static_cast<std::size_t>(track)]; }
  template <class Message>
  void take(Track track, Channel<Message>& in, Cycle now);
  void end(Track track, Cycle now);
  template <class Out, class Make>
  void give(Track track, Out& out, Cycle now, const Make& make);
  [[nodiscard]] bool ready(const Action& action) const;
  [[nodiscard]] CriticalPath path_of(const Action& action) const;
  [[nodiscard]] MatrixWait wait() const;

  Ports ports_;
  const Program* program_ = nullptr;
  std::array<State, kTracks> tracks_{};
  CriticalPath begun_;  ///< What the program itself hung on.
  Track last_ = Track::Outputs;
  std::size_t left_ = 0;  ///< Actions that have not ended.
  std::vector<PhaseRecord> records_;
  std::vector<Cycle> given_at_[kTracks];

  TimeSplit<ControlWait> time_;
  std::int64_t programs_ = 0, actions_ = 0;
};

}  // namespace hdp::layer
