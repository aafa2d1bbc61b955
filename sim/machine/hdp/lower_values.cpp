// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "machine/hdp/layout_room.hpp"
#include "machine/hdp/slice_scratch.hpp"
#include "machine/hdp/used_keys.hpp"

namespace hdp {
namespace {

/// P.V of a slice, group of strips by group.
class ValuePass {
 public:
  explicit ValuePass(SliceScratch& slice)
      : slice_(slice),
        layout_(*slice.layout),
        core_(slice.core()),
        rows_(slice.key_rows(Tensor::V)),
        loads_(*slice.work, slice.work->value_loads) {
    fetched_.clear(columns(), slice.value_unit());
  }

  void lower() {
    for (const StripGroup& group : shares() ? groups_of(slice_.kept_sizes(), kept_room(slice_))
                                            : single_strips(slice_.order.size())) {
      slice_.work->totals.further_groups +=
          static_cast<std::int64_t>(!layout_.v_resident && group.first > 0);
      if (layout_.v_resident)
        use_resident(group.first);
      else if (by_row_of_blocks())
        stream_by_row_of_blocks(group.first);
      else
        stream(group);
    }
  }

 private:
  [[nodiscard]] bool by_row_of_blocks() const { return !slice_.weighs_all() && !core_.fetch.reuse; }
  [[nodiscard]] bool shares() const { return !layout_.v_resident && !by_row_of_blocks(); }
  [[nodiscard]] std::int64_t jobs() const {
    return static_cast<std::int64_t>(slice_.work->values.size());
  }
  [[nodiscard]] const PlacedStrip& strip(std::size_t o) const {
    return slice_.strips[slice_.order[o]];
  }
  [[nodiscard]] const KeptBlocks& blocks(std::size_t o) const {
    return slice_.value_columns(slice_.order[o]);
  }
  [[nodiscard]] std::int64_t columns() const {
    return ceil_div(slice_.input->problem.keys, slice_.value_unit());
  }
  [[nodiscard]] std::int64_t most_rows() const {
    return layout_.v_pieces.bytes / layout_.word_row_bytes;
  }

  [[nodiscard]] StripRange masks_of(const StripGroup& group) const {
    return slice_.prunes() ? slice_.strips_of(group) : StripRange{};
  }

  void collect(const StripGroup& group) {
    used_.clear(columns(), slice_.value_unit());
    for (std::size_t o = group.first; o < group.first + group.count; ++o) {
      if (slice_.weighs_all())
        used_.add_visible(strip(o).strip.visible);
      else
        used_.add(blocks(o));
    }
  }

  void use_resident(std::size_t o) {
    collect({o, 1});
    loads_.open(rows_, Gate::Values, 0, masks_of({o, 1}));
    used_.load_new(fetched_, loads_);
    add_job(o, {0, columns()}, {.last = true, .fill = loaded()});
  }

  void stream(const StripGroup& group) {
    collect(group);
    const std::vector<KeyPiece> pieces = used_.pieces(most_rows());
    for (const KeyPiece& piece : pieces) {
      std::int64_t fill = load_piece(group, [&] { used_.load(piece, loads_); });
      for (std::size_t o = group.first; o < group.first + group.count; ++o)
        if (add_job(o, piece,
                    {.last = &piece == &pieces.back(), .parts = pieces.size() > 1, .fill = fill}))
          fill = 0;
      piece_ends_.push_back(jobs());
    }
  }

  void stream_by_row_of_blocks(std::size_t o) {
    const std::int64_t b = slice_.key_unit(), all = columns();
    const std::int64_t columns = columns_by_row_of_blocks(blocks(o), b, most_rows());
    for (std::int64_t first = 0; first < all; first += columns) {
      const KeyPiece piece{first, std::min(all, first + columns)};
      const std::int64_t fill =
          load_piece({o, 1}, [&] { load_by_row_of_blocks(blocks(o), piece, b, loads_); });
      add_job(o, piece, {.last = piece.end == all, .parts = columns < all, .fill = fill});
      piece_ends_.push_back(jobs());
    }
  }

  template <class Rows>
  std::int64_t load_piece(const StripGroup& group, Rows&& load_rows) {
    const std::size_t number = piece_ends_.size();
    const auto held = static_cast<std::size_t>(layout_.v_pieces.held);
    loads_.open(rows_, Gate::Values, number < held ? 0 : piece_ends_[number - held],
                masks_of(group));
    load_rows();
    return loaded();
  }

  /// Port cycles of the rows that the open load brings.
  std::int64_t loaded() {
    const std::int64_t words =
        loads_.fetched() * words_of(core_.v_sram, 8 * layout_.word_row_bytes);
    slice_.work->totals.traffic.add_written(Buffer::V, words);
    return port_cycles(core_.v_sram, words);
  }

  struct Part {
    bool last = false;   ///< The strip's outputs are complete.
    bool parts = false;  ///< There are others: unfinished outputs wait beside the scores.
    std::int64_t fill = 0;
  };

  KeptCycles value_cycles(std::size_t o, KeyPiece piece) {
    if (!slice_.weighs_all())
      return slice_.cycles.value(layout_, blocks(o), piece, slice_.estimates());
    const std::int64_t unit = slice_.value_unit();
    const std::int64_t rows = std::max<std::int64_t>(
        0, std::min(strip(o).strip.visible, piece.end * unit) - piece.first * unit);
    KeptCycles cycles;
    cycles.compute = rows * value_key_cycles(core_.pe_array, layout_.shape.d).count;
    cycles.words = rows * words_of(core_.v_sram, layout_.shape.d * layout_.word_bits);
    cycles.bank_cycles = port_cycles(core_.v_sram, cycles.words);
    cycles.operands = std::max(cycles.compute, cycles.bank_cycles);
    return cycles;
  }

  bool add_job(std::size_t o, KeyPiece piece, const Part& part) {
    const KeptCycles cycles = value_cycles(o, piece);
    if (cycles.compute == 0 && !part.last) return false;
    const std::int64_t scores = score_words(o, piece, part);
    const std::int64_t score_cycles = port_cycles(core_.score_sram, scores);
    const std::int64_t v_cycles = cycles.bank_cycles + part.fill;
    BufferTraffic& traffic = slice_.work->totals.traffic;
    traffic.add_read(Buffer::V, cycles.words);
    traffic.add_cycles(Buffer::V, v_cycles);
    traffic.add_cycles(Buffer::Score, score_cycles);
    slice_.work->values.push_back({.strip = static_cast<std::uint32_t>(slice_.order[o]),
                                   .order = static_cast<std::uint32_t>(o),
                                   .last = part.last,
                                   .compute = cycles.compute,
                                   .operands = std::max({cycles.operands, v_cycles, score_cycles}),
                                   .loads = loads_.count()});
    if (part.last) slice_.values_end[o] = jobs();
    return true;
  }

  /// Probabilities in; unfinished outputs in and out.
  std::int64_t score_words(std::size_t o, KeyPiece piece, const Part& part) {
    const Strip& rows = strip(o).strip;
    const std::int64_t unit = slice_.value_unit(), height = slice_.key_unit();
    std::int64_t words = 0;
    for (std::int64_t row = 0; row < rows.height; ++row) {
      const std::int64_t keys =
          slice_.weighs_all() ? std::max<std::int64_t>(0, std::min(rows.visible, piece.end * unit) -
                                                              piece.first * unit)
                              : static_cast<std::int64_t>(
                                    blocks(o).row(row / height, piece.first, piece.end).size()) *
                                    unit;
      words += words_of(core_.score_sram, keys * layout_.word_bits);
    }
    BufferTraffic& traffic = slice_.work->totals.traffic;
    traffic.add_read(Buffer::Score, words);
    if (!part.parts) return words;
    const std::int64_t outputs =
        rows.height * words_of(core_.score_sram, layout_.shape.d * kOutputBits);
    traffic.add_read(Buffer::Score, outputs);
    traffic.add_written(Buffer::Score, outputs);
    return words + 2 * outputs;
  }

  SliceScratch& slice_;
  const Layout& layout_;
  const CoreConfig& core_;
  TensorRows rows_;
  LoadList loads_;
  UsedKeys used_, fetched_;
  std::vector<std::int64_t> piece_ends_;  ///< By piece: jobs that have used it.
};

}  // namespace

void lower_values(SliceScratch& slice) { ValuePass(slice).lower(); }

}  // namespace hdp
