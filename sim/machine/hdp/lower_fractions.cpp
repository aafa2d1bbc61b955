// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "machine/hdp/kept_queries.hpp"
#include "machine/hdp/used_keys.hpp"

namespace hdp {
namespace {

/// The fraction pass of a slice: IQ.FK + FQ.IK of kept blocks, group of strips by group.
class FractionPass {
 public:
  explicit FractionPass(SliceScratch& slice)
      : slice_(slice),
        layout_(*slice.layout),
        core_(slice.core()),
        loads_(*slice.work, slice.work->kept_loads),
        queries_(slice, loads_) {
    if (queries_.needs_integers() && !layout_.k_int_resident) k_tensors_.push_back(Tensor::KInt);
    if (queries_.fetches_fractions()) k_tensors_.push_back(Tensor::KFrac);
    for (const Tensor tensor : k_tensors_) k_row_bytes_ += slice.key_rows(tensor).row_bytes;
    fetched_.clear(slice.key_columns(), slice.key_unit());
  }

  /// Kept rows of K that do not stay stream through their room, once for a group of strips.
  [[nodiscard]] bool streams() const { return !k_tensors_.empty() && !layout_.k_frac_resident; }

  void lower() {
    const bool shares = core_.fetch.reuse;
    for (const StripGroup& group : streams() && shares
                                       ? groups_of(slice_.kept_sizes(), kept_room(slice_))
                                       : single_strips(slice_.order.size())) {
      for (std::size_t o = group.first; o < group.first + group.count; ++o)
        q_fill_.push_back(queries_.load(o, ends_));
      if (streams()) {
        slice_.work->totals.further_groups += static_cast<std::int64_t>(group.first > 0);
        stream(group);
      } else {
        use_resident(group.first);
      }
      ends_.resize(group.first + group.count, jobs());
    }
  }

 private:
  [[nodiscard]] std::int64_t jobs() const {
    return static_cast<std::int64_t>(slice_.work->fractions.size());
  }
  [[nodiscard]] const KeptBlocks& blocks(std::size_t o) const {
    return slice_.blocks[slice_.order[o]];
  }

  /// Words of K that a load has brought.
  std::int64_t k_words(const TensorRows& rows) {
    const std::int64_t words = loads_.fetched() * words_of(core_.k_sram, 8 * rows.row_bytes);
    slice_.work->totals.traffic.add_written(Buffer::K, words);
    return words;
  }

  void use_resident(std::size_t o) {
    std::int64_t words = 0;
    if (!k_tensors_.empty()) {
      used_.clear(slice_.key_columns(), slice_.key_unit());
      used_.add(blocks(o));
      const TensorRows rows = slice_.key_rows(k_tensors_.front());
      loads_.open(rows, Gate::Fractions, 0, slice_.strips_of({o, 1}));
      used_.load_new(fetched_, loads_);
      words = k_words(rows);
    }
    add_job(o, {0, slice_.key_columns()}, true, port_cycles(core_.k_sram, words));
  }

  void stream(const StripGroup& group) {
    const std::int64_t most_rows = layout_.k_pieces.bytes / k_row_bytes_;
    if (!core_.fetch.reuse) {
      stream_by_row_of_blocks(group.first, most_rows);
      return;
    }
    used_.clear(slice_.key_columns(), slice_.key_unit());
    for (std::size_t o = group.first; o < group.first + group.count; ++o) used_.add(blocks(o));
    const std::vector<KeyPiece> pieces = used_.pieces(most_rows);
    for (const KeyPiece& piece : pieces) {
      std::int64_t fill = load_piece(group, [&](LoadList& loads) { used_.load(piece, loads); });
      const bool last = &piece == &pieces.back();
      for (std::size_t o = group.first; o < group.first + group.count; ++o)
        if (add_job(o, piece, last, fill)) fill = 0;
      piece_ends_.push_back(jobs());
    }
  }

  /// Without reuse every row of blocks fetches its own rows; a piece is what fits of all of them.
  void stream_by_row_of_blocks(std::size_t o, std::int64_t most_rows) {
    const std::int64_t b = slice_.key_unit(), all = slice_.key_columns();
    const std::int64_t columns = columns_by_row_of_blocks(blocks(o), b, most_rows);
    for (std::int64_t first = 0; first < all; first += columns) {
      const KeyPiece piece{first, std::min(all, first + columns)};
      const std::int64_t fill = load_piece(
          {o, 1}, [&](LoadList& loads) { load_by_row_of_blocks(blocks(o), piece, b, loads); });
      add_job(o, piece, piece.end == all, fill);
      piece_ends_.push_back(jobs());
    }
  }

  template <class Rows>
  std::int64_t load_piece(const StripGroup& group, Rows&& rows_of) {
    const std::size_t number = piece_ends_.size();
    const auto held = static_cast<std::size_t>(layout_.k_pieces.held);
    const std::int64_t after = number < held ? 0 : piece_ends_[number - held];
    std::int64_t words = 0;
    for (const Tensor tensor : k_tensors_) {
      const TensorRows rows = slice_.key_rows(tensor);
      loads_.open(rows, Gate::Fractions, after, slice_.strips_of(group));
      rows_of(loads_);
      words += k_words(rows);
    }
    return port_cycles(core_.k_sram, words);
  }

  /// Products of a strip on a piece; none where it keeps no block there, but for the last piece,
  /// which hands the scores on.
  bool add_job(std::size_t o, KeyPiece piece, bool last, std::int64_t k_fill) {
    const std::size_t s = slice_.order[o];
    const PlacedStrip& placed = slice_.strips[s];
    const KeptCycles cycles = slice_.cycles.fraction(layout_, blocks(o), piece);
    if (cycles.passes == 0 && !last) return false;
    const bool works = cycles.compute != 0;
    BufferTraffic& traffic = slice_.work->totals.traffic;
    const std::int64_t q_words =
        works ? cycles.passes * placed.strip.height *
                    words_of(core_.q_sram, layout_.shape.d * layout_.word_bits)
              : 0;
    const std::int64_t q_fill = std::exchange(q_fill_[o], 0);
    const std::int64_t scores = score_words(s, blocks(o), piece);
    const std::int64_t q_cycles = port_cycles(core_.q_sram, q_words) + q_fill;
    const std::int64_t score_cycles = port_cycles(core_.score_sram, scores);
    const std::int64_t k_cycles = cycles.bank_cycles + k_fill;
    slice_.work->totals.fraction_passes += cycles.passes;
    slice_.work->totals.wider_fraction_passes += cycles.wider_passes;
    traffic.add_read(Buffer::Q, q_words);
    traffic.add_read(Buffer::K, cycles.words);
    traffic.add_cycles(Buffer::Q, q_cycles);
    traffic.add_cycles(Buffer::K, k_cycles);
    traffic.add_cycles(Buffer::Score, score_cycles);
    slice_.work->fractions.push_back(
        {.strip = static_cast<std::uint32_t>(s),
         .order = static_cast<std::uint32_t>(o),
         .last = last,
         .compute = cycles.compute,
         .operands = std::max({cycles.operands, k_cycles, q_cycles, score_cycles}),
         .loads = loads_.count(),
         .values_before = queries_.values_before(o)});
    return true;
  }

  /// Integer scores of the piece's kept blocks in, where they are kept, and complete scores out.
  std::int64_t score_words(std::size_t s, const KeptBlocks& kept, KeyPiece piece) {
    if (!queries_.needs_integers()) return 0;
    std::int64_t entries = 0;
    const std::int64_t b = slice_.key_unit();
    for (std::int64_t i = 0; i < kept.row_blocks(); ++i)
      entries += static_cast<std::int64_t>(kept.row(i, piece.first, piece.end).size()) * b *
                 std::min(b, slice_.strips[s].strip.height - i * b);
    const std::int64_t words = words_of(core_.score_sram, entries * layout_.score_bits);
    BufferTraffic& traffic = slice_.work->totals.traffic;
    traffic.add_written(Buffer::Score, words);
    if (!layout_.keep_scores) return words;
    traffic.add_read(Buffer::Score, words);
    return 2 * words;
  }

  SliceScratch& slice_;
  const Layout& layout_;
  const CoreConfig& core_;
  LoadList loads_;
  KeptQueries queries_;
  std::vector<Tensor> k_tensors_;  ///< What kept rows of K bring.
  std::int64_t k_row_bytes_ = 0;
  UsedKeys used_, fetched_;
  std::vector<std::int64_t> ends_;        ///< By strip: jobs when it has ended.
  std::vector<std::int64_t> q_fill_;      ///< By strip: port cycles of its rows of Q.
  std::vector<std::int64_t> piece_ends_;  ///< By piece: jobs that have used it.
};

}  // namespace

void lower_fractions(SliceScratch& slice) {
  if (slice.estimates())
    lower_estimates(slice);
  else if (slice.prunes())
    FractionPass(slice).lower();
}

}  // namespace hdp
