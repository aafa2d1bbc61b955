// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "machine/control.hpp"
#include "machine/hdp/context.hpp"
#include "machine/hdp/dispatcher.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/machine/hdp/slice_work.hpp>
#include <hdp/machine/phase_record.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/pe_array.hpp>

namespace hdp {

/// The control of a core (sim/machine/hdp/sequencer.md): takes slices in order, asks for their
/// loads and hands jobs to the PE array. Older slices go before younger ones; within a slice P.V
/// goes before fraction products, and those before the integer pass of later strips.
class Sequencer final : public Unit {
 public:
  struct Ports {
    Channel<PeJob>& out_jobs;
    Wire<PeWait>& out_wait;
    Channel<FetchCommand>& out_fetches;
    Channel<PeDone>& in_jobs_done;
    Channel<StripMask>& in_masks;
    Channel<StreamDone>& in_probabilities;
    Channel<FetchDone>& in_fetches_done;
    Channel<FreeContext>& out_free;
    Channel<SliceIndex>& in_slices;
    // With a probability unit, which stands between the array and the softmax unit:
    Channel<StreamDone>* in_verdicts = nullptr;
    Channel<StreamJob>* out_scores = nullptr;
  };
  Sequencer(std::string name, const Ports& ports, std::int64_t contexts);

  /// A problem begins: `slices` are all of it, and must live until it has ended; those at `mine`
  /// are played here, in order. With `more`, a free context asks the dispatcher for others.
  void assign(std::span<const SliceWork> slices, std::span<const std::size_t> mine, bool more);
  /// Has no slice, and none that was promised.
  [[nodiscard]] bool idle() const { return active_ == 0 && next_ == mine_.size(); }
  [[nodiscard]] std::int64_t slices_ended() const { return slices_ended_; }
  /// Phases of every head since the last assign(), in the order the slices finished.
  [[nodiscard]] const std::vector<HeadRecord>& records() const { return records_; }
  [[nodiscard]] std::int64_t heads() const { return heads_done_; }
  /// Operations of all finished slices.
  [[nodiscard]] const WorkTotals& totals() const { return totals_; }

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const TimeSplit<ControlWait>& time() const { return time_; }
  [[nodiscard]] const UnitKind& kind() const override { return sequencer_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ControlWait>::kNames, {heads_done_});
  }

 private:
  void take_results(Cycle now);
  void take_verdicts(Cycle now);
  void record(const PeDone& done);
  void release_finished(Cycle now);
  void take_slices(Cycle now);
  void take(std::uint32_t slot, std::size_t slice);
  bool ask_for_load(Cycle now);
  bool ask_for_store(Context& context, std::uint32_t slot, Cycle now);
  bool ask_for(Context& context, std::uint32_t slot, Stream stream, Cycle now);
  bool give_job(Cycle now);
  bool give_value(Context& context, std::uint32_t slot, Cycle now);
  bool give_fraction(Context& context, std::uint32_t slot, Cycle now);
  bool give_tile(Context& context, std::uint32_t slot, Cycle now);
  [[nodiscard]] PeWait wait_of(const Context& context) const;
  /// Slots of the active contexts, oldest first.
  [[nodiscard]] std::span<const std::uint32_t> by_age() const { return by_age_; }

  Channel<PeJob>& out_jobs_;
  Wire<PeWait>& out_wait_;
  Channel<FetchCommand>& out_fetches_;
  Channel<PeDone>& in_jobs_done_;
  Channel<StripMask>& in_masks_;
  Channel<StreamDone>& in_probabilities_;
  Channel<FetchDone>& in_fetches_done_;
  Channel<FreeContext>& out_free_;
  Channel<SliceIndex>& in_slices_;
  Channel<StreamDone>* in_verdicts_;  ///< Nothing: no probability is estimated.
  Channel<StreamJob>* out_scores_;

  std::vector<Context> contexts_;
  std::vector<std::uint32_t> by_age_;
  std::span<const SliceWork> slices_;
  std::vector<std::size_t> mine_;
  std::size_t next_ = 0;  ///< In mine_.
  bool more_ = false;     ///< Others may come from the dispatcher.
  std::uint32_t problem_ = 0;
  std::size_t active_ = 0;
  std::int64_t slices_ended_ = 0;
  bool progress_ = false;  ///< Did something in this tick, so that the next may too.

  std::vector<HeadRecord> records_;
  TimeSplit<ControlWait> time_;
  std::int64_t heads_done_ = 0;
  WorkTotals totals_;
};

}  // namespace hdp
