// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "machine/hdp/kept_queries.hpp"
#include "machine/hdp/used_keys.hpp"

namespace hdp {
namespace {

/// The fraction pass of a slice in rounds: FQ.IK of kept entries, then chunk by chunk what meets
/// the fraction bits of the keys that are still alive. A group of strips goes through a round
/// together; each strip's next one waits for its verdicts.
class EstimatePass {
 public:
  explicit EstimatePass(SliceScratch& slice)
      : slice_(slice),
        layout_(*slice.layout),
        core_(slice.core()),
        loads_(*slice.work, slice.work->kept_loads),
        queries_(slice, loads_) {
    fetched_.resize(layout_.chunks.size() + 1);
    for (UsedKeys& used : fetched_) used.clear(keys(), 1);
    verdicts_.assign(slice.order.size(), 0);
  }

  void lower() {
    const bool streams = !layout_.k_frac_resident && layout_.k_fraction_row_bytes != 0;
    for (const StripGroup& group : groups_of(slice_.kept_sizes(), kept_room(slice_))) {
      slice_.work->totals.further_groups += static_cast<std::int64_t>(streams && group.first > 0);
      for (std::size_t o = group.first; o < group.first + group.count; ++o)
        q_fill_.push_back(queries_.load(o, ends_));
      for (std::size_t round = 0; round <= layout_.chunks.size(); ++round) {
        const std::vector<std::size_t> members = alive(group, round);
        if (members.empty()) break;
        if (streams && fetches(round))
          stream(members, round);
        else
          for (const std::size_t o : members) use_resident(o, round);
      }
      ends_.resize(group.first + group.count, jobs());
    }
  }

 private:
  [[nodiscard]] std::int64_t jobs() const { return std::ssize(slice_.work->fractions); }
  [[nodiscard]] std::int64_t keys() const { return slice_.input->problem.keys; }
  [[nodiscard]] const EstimatedStrip& estimated(std::size_t o) const {
    return slice_.estimated[slice_.order[o]];
  }
  /// Strips of a group that have this round.
  [[nodiscard]] std::vector<std::size_t> alive(const StripGroup& group, std::size_t round) const {
    std::vector<std::size_t> members;
    for (std::size_t o = group.first; o < group.first + group.count; ++o)
      if (round < estimated(o).count) members.push_back(o);
    return members;
  }
  [[nodiscard]] bool fetches(std::size_t round) const {
    return round != 0 || (queries_.needs_integers() && !layout_.k_int_resident);
  }
  [[nodiscard]] TensorRows key_rows(std::size_t round) const {
    return round == 0 ? slice_.key_rows(Tensor::KInt) : slice_.chunk_rows(round - 1);
  }

  /// Port cycles of the rows of K that the open load brings.
  std::int64_t loaded(const TensorRows& rows) {
    const std::int64_t words = loads_.fetched() * words_of(core_.k_sram, 8 * rows.row_bytes);
    slice_.work->totals.traffic.add_written(Buffer::K, words);
    return port_cycles(core_.k_sram, words);
  }

  /// All planes stay: a strip brings the rows that no one before it has brought.
  void use_resident(std::size_t o, std::size_t round) {
    std::int64_t fill = 0;
    if (fetches(round)) {
      used_.clear(keys(), 1);
      used_.add(estimated(o).rounds[round]);
      const TensorRows rows = key_rows(round);
      loads_.open(rows, Gate::Fractions, 0, slice_.strips_of({o, 1}), verdicts_[o]);
      used_.load_new(fetched_[round], loads_);
      fill = loaded(rows);
    }
    add_job(o, round, {0, keys()}, true, fill);
  }

  /// Rows that do not stay stream through their room: the union of what the strips need.
  void stream(const std::vector<std::size_t>& members, std::size_t round) {
    const TensorRows rows = key_rows(round);
    const StripRange masks =
        slice_.strips_of({members.front(), members.back() - members.front() + 1});
    std::int64_t verdicts = 0;
    used_.clear(keys(), 1);
    for (const std::size_t o : members) {
      used_.add(estimated(o).rounds[round]);
      verdicts = std::max(verdicts, verdicts_[o]);
    }
    const std::vector<KeyPiece> pieces =
        used_.pieces(std::max<std::int64_t>(1, layout_.k_pieces.bytes / rows.row_bytes));
    for (const KeyPiece& piece : pieces) {
      const std::size_t number = piece_ends_.size();
      const auto held = static_cast<std::size_t>(layout_.k_pieces.held);
      loads_.open(rows, Gate::Fractions, number < held ? 0 : piece_ends_[number - held], masks,
                  verdicts);
      used_.load(piece, loads_);
      std::int64_t fill = loaded(rows);
      for (const std::size_t o : members)
        if (add_job(o, round, piece, &piece == &pieces.back(), fill)) fill = 0;
      piece_ends_.push_back(jobs());
    }
  }

  /// Products of a strip on a piece; none where no key of it is alive there, but for the last
  /// piece, which hands the bounds on.
  bool add_job(std::size_t o, std::size_t round, KeyPiece piece, bool ends_round,
               std::int64_t k_fill) {
    const std::size_t s = slice_.order[o];
    const PlacedStrip& placed = slice_.strips[s];
    const KeptBlocks& alive = estimated(o).rounds[round];
    const KeptCycles cycles = slice_.cycles.estimate(layout_, alive, piece, round);
    if (cycles.passes == 0 && !ends_round) return false;
    WorkTotals& totals = slice_.work->totals;
    const std::int64_t q_words =
        cycles.compute == 0 ? 0
                            : cycles.passes * placed.strip.height *
                                  words_of(core_.q_sram, layout_.shape.d * layout_.word_bits);
    const std::int64_t q_cycles = port_cycles(core_.q_sram, q_words) + std::exchange(q_fill_[o], 0);
    const std::int64_t score_cycles =
        port_cycles(core_.score_sram, score_words(placed.strip, alive, piece, round));
    const std::int64_t k_cycles = cycles.bank_cycles + k_fill;
    totals.fraction_passes += cycles.passes;
    totals.wider_fraction_passes += cycles.wider_passes;
    totals.traffic.add_read(Buffer::Q, q_words);
    totals.traffic.add_read(Buffer::K, cycles.words);
    totals.traffic.add_cycles(Buffer::Q, q_cycles);
    totals.traffic.add_cycles(Buffer::K, k_cycles);
    totals.traffic.add_cycles(Buffer::Score, score_cycles);
    const bool last = round + 1 == estimated(o).count;
    slice_.work->fractions.push_back(
        {.strip = static_cast<std::uint32_t>(s),
         .order = static_cast<std::uint32_t>(o),
         .last = ends_round && last,
         .compute = cycles.compute,
         .operands = std::max({cycles.operands, k_cycles, q_cycles, score_cycles}),
         .loads = loads_.count(),
         .values_before = queries_.values_before(o),
         .verdicts = verdicts_[o],
         .bounds_cycles = ends_round ? bounds_cycles(placed, round) : 0,
         .ends_round = ends_round});
    if (ends_round) {
      slice_.work->rounds.push_back({static_cast<std::uint32_t>(s), last});
      verdicts_[o] = std::ssize(slice_.work->rounds);
    }
    return true;
  }

  /// What is known of scores so far in, where there is anything, and out.
  std::int64_t score_words(const Strip& strip, const KeptBlocks& alive, KeyPiece piece,
                           std::size_t round) {
    if (round == 0 && !queries_.needs_integers()) return 0;
    std::int64_t entries = 0;
    const std::int64_t b = slice_.key_unit();
    for (std::int64_t i = 0; i < alive.row_blocks(); ++i)
      entries +=
          std::ssize(alive.row(i, piece.first, piece.end)) * std::min(b, strip.height - i * b);
    const std::int64_t words = words_of(core_.score_sram, entries * layout_.score_bits);
    BufferTraffic& traffic = slice_.work->totals.traffic;
    traffic.add_written(Buffer::Score, words);
    if (round == 0 && !layout_.keep_scores) return words;
    traffic.add_read(Buffer::Score, words);
    return 2 * words;
  }

  /// Cycles of the probability unit for a round of a strip (sim/units/probability_unit.md).
  [[nodiscard]] std::int64_t bounds_cycles(const PlacedStrip& placed, std::size_t round) const {
    const ProbabilityUnitConfig& unit = core_.probability_unit;
    const HdpPlan& plan = slice_.plan(placed.head);
    std::int64_t cycles =
        round == 0 ? placed.strip.height * margin_cycles(unit, layout_.shape.d) : 0;
    for (std::int64_t row = 0; row < placed.strip.height; ++row)
      cycles += probability_row_cycles(
          unit,
          std::ranges::count_if(plan.estimates.row(placed.strip.top + row),
                                [=](const EntryFate& fate) { return fate.chunks >= round; }),
          round == 0);
    return cycles;
  }

  SliceScratch& slice_;
  const Layout& layout_;
  const CoreConfig& core_;
  LoadList loads_;
  KeptQueries queries_;
  UsedKeys used_;
  std::vector<UsedKeys> fetched_;         ///< By round.
  std::vector<std::int64_t> verdicts_;    ///< By strip: rounds of all when its last was decided.
  std::vector<std::int64_t> ends_;        ///< By strip: jobs when it has ended.
  std::vector<std::int64_t> q_fill_;      ///< By strip: port cycles of its rows of Q.
  std::vector<std::int64_t> piece_ends_;  ///< By piece: jobs that have used it.
};

}  // namespace

void lower_estimates(SliceScratch& slice) { EstimatePass(slice).lower(); }

}  // namespace hdp
