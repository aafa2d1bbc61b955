// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fetch_context.hpp"
#include "memory_channel.hpp"
#include "realigner.hpp"
#include "shape.hpp"
#include "stream.hpp"

namespace hdp::spatten_rtl {

/// From rows of addresses to whole rows of data: the arbiter between keys and values, a lane for
/// each column, the crossbars between lanes and memory channels, and the barrier that lets a row
/// leave when all of its lanes have answered.
class Fetcher {
 public:
  explicit Fetcher(const Shape& shape);

  /// The row of addresses that a matrix offers to the arbiter; it steps before its givers.
  Register<FetchRow>& offer(Matrix matrix) { return offers_[static_cast<std::size_t>(matrix)]; }
  Realigner& realigner() { return realigner_; }

  void step(Time now);
  [[nodiscard]] std::int64_t reads() const { return reads_; }

 private:
  static constexpr std::size_t kRows = 256;  // more than are ever between split and barrier
  static constexpr std::uint32_t kAddressDepth = 16, kOrderDepth = 64, kAnswerDepth = 64;

  /// A row of accesses, a lane each; the first `enabled` lanes take part.
  struct SplitRow {
    std::array<std::uint32_t, kMostLanes> addresses{};
    std::int32_t enabled = 0;
    std::int32_t loads = 0, answers = 0;  ///< Lanes that have loaded it, that have answered.
    Time loaded = 0, answered = 0;        ///< By the last of them.
    bool first = false, last = false;
    FetchContext context;
  };
  /// A lane's place in the stream of rows at each of its FIFOs, which hold what lies in between.
  struct Lane {
    std::uint32_t loaded = 0;    ///< Rows taken from the address FIFO.
    std::uint32_t ordered = 0;   ///< Rows in or past the FIFO of those that wait for an answer.
    std::uint32_t answered = 0;  ///< Rows in or past the answer FIFO.
    std::uint32_t address = 0;
  };

  void leave(Time now);
  void answer(Time now);
  void answer_lane(Time now, std::size_t number);
  [[nodiscard]] bool lane_takes(std::size_t number) const;
  void pass_disabled(Time now);
  void send(Time now);
  void load(Time now);
  void load_lane(Time now, std::size_t number);
  void split(Time now);
  void arbitrate();
  [[nodiscard]] bool address_room(Time now);
  SplitRow& row(std::uint32_t number) { return rows_[number % kRows]; }

  const Shape& shape_;
  Realigner realigner_;
  std::array<Register<FetchRow>, 2> offers_;
  std::size_t last_port_ = 1;
  bool locked_ = false;
  std::int32_t sub_row_ = 0;
  std::vector<SplitRow> rows_;             ///< A ring; the newest are those of the two registers.
  bool prepared_ = false, split_ = false;  ///< The registers before the address FIFOs hold a row.
  std::uint32_t pushed_ = 0;               ///< Rows in or past the address FIFOs,
  std::uint32_t visible_ = 0;              ///< and those of them that may be loaded.
  std::uint32_t left_ = 0;                 ///< Rows past the barrier.
  bool left_now_ = false;
  std::vector<Lane> lanes_;
  std::uint32_t ordering_ = 0;      ///< Lanes with a row in the register before the order FIFO.
  std::uint32_t ordered_now_ = 0;   ///< Lanes whose order FIFO took a row in the last cycle.
  std::uint32_t sending_ = 0;       ///< Lanes with an address in the register before the crossbar.
  std::uint32_t loading_ = 0;       ///< Lanes with anything in the address FIFO or behind it.
  int partial_rows_ = 0;            ///< Between split and barrier, with lanes that take no part.
  std::uint32_t answered_now_ = 0;  ///< Lanes whose order FIFO gave up an entry in this cycle.
  std::vector<MemoryChannel> channels_;
  std::vector<Time> due_, answer_at_;      ///< Of each channel: see tick() and answer_at().
  std::uint32_t requested_ = 0;            ///< Channels that a lane has an address for.
  std::vector<std::uint32_t> requesting_;  ///< Of each channel: lanes with an address for it.
  std::vector<int> granted_;               ///< Of each channel: the lane it is locked to, or -1.
  std::int64_t reads_ = 0;
};

}  // namespace hdp::spatten_rtl
