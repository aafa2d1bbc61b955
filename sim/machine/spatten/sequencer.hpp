// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "machine/control.hpp"
#include "machine/spatten/flow.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/machine/spatten/run.hpp>
#include <hdp/units/fetch_unit.hpp>
#include <hdp/units/pe_array.hpp>
#include <hdp/units/stream_unit.hpp>

namespace hdp::spatten {

/// Loads, as the fetch unit and the converter hand their number back.
enum class Stream : std::uint8_t { Keys, Lsbs, Values, Output, Append };

/// The head loop and the cascade logic (docs/spatten_machine.md): takes heads in order, asks for
/// their loads, hands jobs to the arrays and the top-k engine, and holds the next layer back until
/// the cascade has ranked.
class Sequencer final : public Unit {
 public:
  struct Ports {
    Channel<FetchCommand>& out_fetches;
    Channel<FetchDone>& in_fetches_done;
    Channel<StreamJob>& out_conversions;
    Channel<StreamDone>& in_converted;
    Channel<PeJob>& out_scores;
    Wire<PeWait>& out_score_wait;
    Channel<PeDone>& in_scores_done;
    Channel<StreamDone>& in_probabilities;
    Channel<StreamJob>& out_rankings;
    Channel<StreamDone>& in_rankings_done;
    Channel<PeJob>& out_values;
    Wire<PeWait>& out_value_wait;
    Channel<PeDone>& in_values_done;
  };
  Sequencer(std::string name, const Ports& ports, const SpattenConfig& config,
            std::span<const SpattenPass> passes);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }

  [[nodiscard]] bool finished() const { return next_pass_ == passes_.size() && flows_.empty(); }
  [[nodiscard]] std::int64_t heads() const { return std::ssize(records_); }
  [[nodiscard]] const std::vector<SpattenPassRecord>& records() const { return records_; }
  [[nodiscard]] const UnitKind& kind() const override { return sequencer_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ControlWait>::kNames, {heads()});
  }

 private:
  /// Rankings behind a layer of a sequence that are not yet given; 0: none.
  struct RankingsLeft {
    std::int64_t sequence = 0, token_cycles = 0, head_cycles = 0;
  };
  /// What the cascade still has to do before the next layer may begin.
  struct Gate {
    bool shut = false, barrier = false;
    std::vector<RankingsLeft> left;
    std::int64_t rankings = 0;  ///< Given and not done.
  };
  void take_results(Cycle now);
  void take_loads(Cycle now);
  void take_probabilities(Cycle now, StripId id);
  void take_values(const PeDone& done);
  void release(Cycle now);
  void take_head(Cycle now);
  void await_ranking(const SpattenPass& pass);
  void pass_gate(Cycle now);
  void rank_queries(Cycle now);
  bool ask(Cycle now);
  bool ask(Cycle now, std::uint32_t slot, const std::vector<Load>& loads, std::int64_t& asked,
           Stream stream);
  bool take_value_room(Flow& head);
  bool give_scores(Cycle now);
  bool give_second(Cycle now);
  void give_values(Cycle now);
  void give_score_tile(Cycle now, std::uint32_t slot, std::int64_t query, std::int64_t& tile);
  [[nodiscard]] std::int64_t score_tiles(const SpattenQueryWork& query) const;
  [[nodiscard]] std::int64_t value_jobs(const Flow& head, std::int64_t query) const;
  [[nodiscard]] std::int64_t value_loads(const Flow& head) const;
  [[nodiscard]] PeWait score_wait() const;
  [[nodiscard]] PeWait value_wait() const;
  Flow& flow(std::uint32_t slot) { return slots_[slot]; }

  Channel<FetchCommand>& out_fetches_;
  Channel<FetchDone>& in_fetches_done_;
  Channel<StreamJob>& out_conversions_;
  Channel<StreamDone>& in_converted_;
  Channel<PeJob>& out_scores_;
  Wire<PeWait>& out_score_wait_;
  Channel<PeDone>& in_scores_done_;
  Channel<StreamDone>& in_probabilities_;
  Channel<StreamJob>& out_rankings_;
  Channel<StreamDone>& in_rankings_done_;
  Channel<PeJob>& out_values_;
  Wire<PeWait>& out_value_wait_;
  Channel<PeDone>& in_values_done_;

  const SpattenConfig& config_;
  Lowering lowering_;
  std::span<const SpattenPass> passes_;
  std::size_t next_pass_ = 0;

  std::vector<Flow> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::uint32_t> flows_;  ///< Slots in use, oldest first.
  std::int64_t k_bits_free_, v_bits_free_;
  std::int64_t rows_in_flight_ = 0;
  Cycle next_head_at_{0};
  Gate gate_;
  bool progress_ = false;

  TimeSplit<ControlWait> time_;
  std::vector<SpattenPassRecord> records_;
};

}  // namespace hdp::spatten
