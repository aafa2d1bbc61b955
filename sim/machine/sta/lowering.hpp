// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "machine/layer/double_buffer.hpp"
#include "machine/layer/program.hpp"
#include "machine/sta/layout.hpp"
#include <hdp/machine/sta/run.hpp>

namespace hdp::sta {

constexpr std::int64_t kScoreBits = 32;  ///< Of an entry of the score buffer.

/// A round as a program: strip by strip scores, softmax, outputs. The scores of the next strip are
/// computed before the outputs of this one, so that the array works while the softmax unit does.
/// Refers to the round until the program is made.
class Lowering {
 public:
  /// Adds to `totals`. UserError where a half of a buffer is too small.
  Lowering(const StaConfig& config, const Layout& layout, const Round& round, StaTotals& totals);

  [[nodiscard]] layer::Program lower();

 private:
  using Needs = layer::Needs;
  using Track = layer::Track;
  using Place = layer::DoubleBuffer::Place;

  /// A group of the round: its first phase, for scores (softmax and outputs follow), and the writes
  /// of its newest row.
  struct Started {
    const Group* group = nullptr;
    std::uint32_t phase = 0;
    Needs appended{};
  };
  /// What has been loaded, and the loads of its track so far.
  struct Loaded {
    Place place{};
    std::uint32_t count = 0;
    const Group* of = nullptr;
  };
  /// A strip whose scores have been lowered.
  struct Strip {
    Started started;
    std::span<const Row> rows;
    std::int64_t keys = 0;      ///< That some row of it sees.
    std::uint32_t softmax = 0;  ///< Jobs of the softmax unit so far.
  };

  [[nodiscard]] Started start(const Group& group);
  void append(const Group& group, std::uint32_t phase);

  [[nodiscard]] Strip scores(const Started& started, std::int64_t number);
  std::uint32_t score_pass(const Strip& strip, std::int64_t keys, const Loaded& k, const Loaded& q);
  void softmax(Strip& strip, std::uint32_t scores);
  void outputs(const Strip& strip);
  std::uint32_t output_pass(const Strip& strip, std::int64_t panel, std::int64_t keys,
                            const Loaded& v, bool first);

  Loaded load_queries(const Strip& strip);
  Loaded load_keys(const Started& started, std::int64_t first, std::int64_t count);
  Loaded load_values(const Started& started, std::int64_t panel, std::int64_t first,
                     std::int64_t count);
  const Loaded& all_keys(const Started& started);
  const Loaded& all_values(const Started& started);

  /// Bytes of what one query head group stores in K or V.
  [[nodiscard]] std::int64_t stored_bytes(const Group& group) const;
  [[nodiscard]] std::int64_t row_bytes(const Group& group) const;
  [[nodiscard]] std::int64_t panels_of(const Group& group) const;
  [[nodiscard]] std::int64_t columns_of(const Group& group, std::int64_t panel) const;
  /// Keys that stream at a time: `bytes` for `step` of them.
  [[nodiscard]] std::int64_t piece(std::int64_t keys, std::int64_t step, std::int64_t bytes) const;

  void add_range(std::size_t first_range, std::uint64_t address, std::int64_t bytes);
  std::uint32_t transfer(Track track, Tensor tensor, const Needs& needs, std::uint32_t phase,
                         std::size_t first_range);

  const StaConfig& config_;
  const Layout& layout_;
  const Round& round_;
  StaTotals& totals_;
  MatrixArray array_;
  layer::Program program_;
  layer::DoubleBuffer queries_, stored_, outputs_;
  bool stays_;            ///< K and V of every group fit a half each, and are loaded once.
  Loaded keys_, values_;  ///< Where they stay: those of the last group.
};

}  // namespace hdp::sta
