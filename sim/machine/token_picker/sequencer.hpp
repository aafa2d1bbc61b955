// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "machine/control.hpp"
#include "machine/token_picker/decider.hpp"
#include "machine/token_picker/flow.hpp"
#include "machine/token_picker/layout.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/machine/token_picker/run.hpp>
#include <hdp/units/priority_fetch_unit.hpp>
#include <hdp/units/probability_unit.hpp>
#include <hdp/units/scoreboard.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp::token_picker {

/// Takes slices in order, asks for their keys chunk by chunk as the decisions want them, then for
/// the values of the survivors (docs/token_picker.md).
class Sequencer final : public Unit, public ProbabilityJudge {
 public:
  struct Ports {
    Channel<FetchRequest>& out_urgent;
    Channel<FetchRequest>& out_stream;
    Channel<Arrival>& in_done;
    Wire<LaneWait>& out_wait;
    Channel<TokenVerdict>& in_verdicts;
    Channel<LaneResult>& in_values;
    Channel<StreamJob>& out_softmax;
    Channel<StreamDone>& in_softmax;
  };
  Sequencer(std::string name, const Ports& ports, const TokenPickerConfig& config,
            std::span<const Trace> sequences, bool fidelity);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override;
  /// What the probability unit asks, as scores come to it.
  TokenVerdict judge(const LaneResult& result) override;

  [[nodiscard]] bool finished() const { return next_ == slices_.size() && flows_.empty(); }
  [[nodiscard]] std::int64_t slices() const { return std::ssize(slices_); }
  [[nodiscard]] const std::vector<TokenPickerSliceRecord>& records() const { return records_; }
  [[nodiscard]] const TokenPickerTotals& totals() const { return totals_; }
  [[nodiscard]] const Scoreboard& scoreboard() const { return scoreboard_; }
  [[nodiscard]] Decider& decider() { return decider_; }
  [[nodiscard]] const UnitKind& kind() const override { return sequencer_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ControlWait>::kNames, {heads_done_});
  }

 private:
  void take_results(Cycle now);
  void take_done(Cycle now, const Arrival& arrival);
  void take_verdict(Cycle now, const TokenVerdict& verdict);
  void take_value(Cycle now, const LaneResult& result);
  void end_vector(std::uint32_t number);
  void release();
  void take_slice();
  void advance(Cycle now, std::uint32_t slot);
  void begin_pass(Flow& slice);
  void give_softmax(Cycle now, std::uint32_t slot);

  void ask(Cycle now);
  bool ask_wanted(Cycle now);
  bool ask_transfer(Cycle now, std::uint32_t slot);
  bool ask_pass(Cycle now, std::uint32_t slot);
  bool ask_values(Cycle now, std::uint32_t slot);
  bool ask_first_chunks(Cycle now, std::uint32_t slot);
  void ask_keys(Cycle now, Channel<FetchRequest>& to, const Wanted& first, std::int64_t count,
                std::int64_t step);
  std::int64_t ask_vectors(Cycle now, Channel<FetchRequest>& to, Job job, FetchRequest request,
                           std::int64_t bits, std::int64_t users);
  std::uint32_t new_job(const Job& job);
  [[nodiscard]] std::int64_t run_of(std::uint64_t address, std::int64_t bytes, bool down) const;
  /// Cycles of a multiplier for an element of so many bits.
  [[nodiscard]] std::int64_t parts(std::int64_t bits) const {
    return ceil_div(bits, config_.lane.key_bits);
  }
  [[nodiscard]] LaneWait lane_wait() const;
  /// Tokens are asked for from newest to oldest.
  [[nodiscard]] bool downwards() const {
    return config_.prune.token_order == TokenOrder::NewestFirst;
  }
  Flow& flow(std::uint32_t slot) { return slots_[slot]; }

  Channel<FetchRequest>& out_urgent_;
  Channel<FetchRequest>& out_stream_;
  Channel<Arrival>& in_done_;
  Wire<LaneWait>& out_wait_;
  Channel<TokenVerdict>& in_verdicts_;
  Channel<LaneResult>& in_values_;
  Channel<StreamJob>& out_softmax_;
  Channel<StreamDone>& in_softmax_;

  const TokenPickerConfig& config_;
  Layout layout_;
  Decider decider_;
  std::vector<Slice> slices_;
  std::size_t next_ = 0;

  std::vector<Flow> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::uint32_t> flows_;  ///< Slots in use, oldest first.
  std::vector<Job> jobs_;
  std::vector<std::uint32_t> free_jobs_;
  std::deque<Wanted> wanted_;  ///< Out of order: next chunks, as they were found to be wanted.
  std::int64_t score_bytes_free_;
  std::int64_t buffer_free_;      ///< Bytes of the K/V buffer.
  std::int64_t vectors_out_ = 0;  ///< Asked for, and not dealt with.
  Scoreboard scoreboard_;
  bool entry_wanted_ = false;
  bool progress_ = false;

  TimeSplit<ControlWait> time_;
  std::vector<TokenPickerSliceRecord> records_;
  std::int64_t heads_done_ = 0;
  TokenPickerTotals totals_;
};

}  // namespace hdp::token_picker
