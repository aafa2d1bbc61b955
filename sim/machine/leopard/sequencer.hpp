// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "machine/control.hpp"
#include "machine/leopard/decider.hpp"
#include "machine/leopard/layout.hpp"
#include <hdp/kernel/channel.hpp>
#include <hdp/kernel/time_split.hpp>
#include <hdp/kernel/unit.hpp>
#include <hdp/kernel/wire.hpp>
#include <hdp/machine/leopard/run.hpp>
#include <hdp/units/bit_serial_array.hpp>
#include <hdp/units/priority_fetch_unit.hpp>
#include <hdp/units/value_unit.hpp>

namespace hdp::leopard {

/// Loads K and V piece by piece, each behind the one that is played, and gives rows to the front
/// end in order (docs/leopard.md).
class Sequencer final : public Unit {
 public:
  struct Ports {
    Channel<FetchRequest>& out_urgent;
    Channel<FetchRequest>& out_stream;
    Channel<Arrival>& in_done;
    Channel<BitSerialRow>& out_rows;
    Channel<RowDone>& in_rows;
    Wire<DotProductWait>& out_front_wait;
    Wire<ValueWait>& out_back_wait;
  };
  Sequencer(std::string name, const Ports& ports, const LeopardConfig& config,
            std::span<const Trace> sequences, bool fidelity, unsigned threads);

  void tick(Cycle now) override;
  [[nodiscard]] Cycle next_event(Cycle now) const override;
  [[nodiscard]] std::string describe_wait() const override;
  void close(Cycle end) override { time_.close(end); }
  [[nodiscard]] const UnitKind& kind() const override { return sequencer_kind(); }
  [[nodiscard]] UnitReport report() const override {
    return account(time_, EnumNames<ControlWait>::kNames, {heads_done_});
  }

  [[nodiscard]] bool finished() const { return next_group_ == groups_.size() && open_.empty(); }
  [[nodiscard]] std::int64_t groups() const { return std::ssize(groups_); }
  [[nodiscard]] const std::vector<LeopardGroupRecord>& records() const { return records_; }
  [[nodiscard]] const LeopardTotals& totals() const { return totals_; }
  [[nodiscard]] Decider& decider() { return decider_; }

 private:
  /// A group under way.
  struct OpenGroup {
    Group group;
    GroupSteps steps;  ///< Once its first row comes up.
    std::int64_t pieces_opened = 0, pieces_left = 0;
    std::int64_t stores_left = 0;
    std::vector<std::int64_t> pieces_ended;  ///< By row: those whose sums are back in memory.
    std::array<PhaseRecord, kRecordedPhases> phases{};
  };
  /// A part of its keys, in the buffers or on its way there.
  struct Piece {
    std::int64_t group = 0;  ///< Number in groups_.
    std::int64_t number = 0;
    KeyRange keys;
    std::array<Transfer, 2> loads{};  ///< What is still to be asked for of K, and of V;
    std::int64_t arriving = 0;        ///< requests that were;
    std::int64_t next_row = 0;        ///< the next row that comes up,
    std::int64_t rows_left = 0;       ///< and those that are not done.
    [[nodiscard]] bool is_there() const {
      return loads[0].bytes == 0 && loads[1].bytes == 0 && arriving == 0;
    }
  };
  /// A row of a piece, from its loads to its end.
  struct Visit {
    std::int64_t piece = 0;  ///< Counted from the first of the run.
    std::int64_t row = 0;
    std::int64_t arriving = 0;
  };
  /// What a request to the memory was for.
  struct Job {
    enum class For : std::uint8_t { Piece, Visit, Append, Output, Sums } what = For::Piece;
    std::int64_t number = 0;  ///< Of the piece, the visit, or else the group,
    std::int64_t row = 0;     ///< and its row.
    std::int64_t left = 0;    ///< Requests.
  };

  void take_results(Cycle now);
  [[nodiscard]] bool hangs_on(const Job& job) const;
  void take_done(const Job& job);
  void take_row(const RowDone& done);
  void release();
  void open_piece();
  void open_rows();
  bool open_row(std::int64_t of_piece);
  void issue(Cycle now);
  /// The largest sum of steps of a unit; the sums of all are left in sums_.
  std::int64_t front_cycles(std::span<const std::uint8_t> keys, std::int64_t units);
  void ask(Cycle now);
  bool ask_piece(Cycle now, Piece& piece, std::int64_t number);
  void want(const Transfer& transfer, const Job& job);
  FetchRequest request(const Transfer& transfer, std::int64_t bytes, std::uint32_t job) const;
  std::uint32_t new_job(const Job& job);
  [[nodiscard]] DotProductWait front_wait() const;
  [[nodiscard]] ValueWait back_wait() const;

  OpenGroup& open_group(std::int64_t number) {
    return open_[static_cast<std::size_t>(number - first_open_)];
  }
  Piece& piece_at(std::int64_t number) {
    return pieces_[static_cast<std::size_t>(number - first_piece_)];
  }
  Visit& visit_at(std::int64_t number) {
    return visits_[static_cast<std::size_t>(number - first_visit_)];
  }

  Channel<FetchRequest>& out_urgent_;
  Channel<FetchRequest>& out_stream_;
  Channel<Arrival>& in_done_;
  Channel<BitSerialRow>& out_rows_;
  Channel<RowDone>& in_rows_;
  Wire<DotProductWait>& out_front_wait_;
  Wire<ValueWait>& out_back_wait_;

  const LeopardConfig& config_;
  Layout layout_;
  Decider decider_;
  std::vector<Group> groups_;
  std::size_t next_group_ = 0;  ///< The next that is taken up.

  std::deque<OpenGroup> open_;
  std::int64_t first_open_ = 0;
  std::deque<Piece> pieces_;  ///< In the order in which they are played, two at most.
  std::int64_t first_piece_ = 0;
  std::deque<Visit> visits_;
  std::int64_t first_visit_ = 0, issued_ = 0;  ///< Of the visits, those with the units.
  std::deque<FetchRequest> urgent_;
  std::vector<Job> jobs_;
  std::vector<std::uint32_t> free_jobs_;
  std::array<std::int64_t, 2> buffer_free_;  ///< Bytes of the buffers of K and of V,
  std::int64_t rows_free_;                   ///< and of the rows.
  std::vector<std::int64_t> sums_;
  bool row_waits_ = false;  ///< The next row finds no room, or its sums are not there.
  bool progress_ = false;

  TimeSplit<ControlWait> time_;
  std::vector<LeopardGroupRecord> records_;
  std::int64_t heads_done_ = 0;
  LeopardTotals totals_;
};

}  // namespace hdp::leopard
