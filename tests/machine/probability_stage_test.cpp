// SPDX-License-Identifier: Apache-2.0
// Probability estimation behind blocks and heads: time, bytes, composition with other stages.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "machine/arbitrary.hpp"
#include "machine/estimated_plans.hpp"
#include "machine/formulas.hpp"
#include "machine/traces.hpp"
#include <hdp/machine/hdp/run.hpp>

namespace hdp::test {
namespace {

constexpr std::int64_t kUnitLatency = ProbabilityUnitConfig{}.latency_cycles;
constexpr std::int64_t kQueryRows = 6;  ///< From the decision to products with rows of FQ.
constexpr std::int64_t kNextChunk = 5;  ///< From verdicts to products, and a cycle a range of rows.

HdpConfig estimating(HdpConfig config, std::vector<std::int64_t> chunks) {
  config.prune.split = SplitMode::Floor;
  config.prune.masked = Masked::Exclude;
  config.prune.probability = HdpProbability{1e-3, std::move(chunks)};
  config.core.fetch.planes = Planes::Stored;
  config.core.fetch.reuse = true;
  return config;
}

/// Of one strip: cycles of the array, of the probability unit and so on, as docs/hdp.md has them.
struct Rounds {
  std::vector<std::int64_t> products, bounds, ranges;
  std::int64_t softmax = 0, value = 0;
};

Rounds rounds_of(const HdpConfig& config, std::int64_t d, const HdpPlan& plan) {
  const std::int64_t word = 16, integer = 4;
  const PeArrayConfig& array = config.core.pe_array;
  const auto pass = [&](std::int64_t a, std::int64_t b) {
    return array.precision == Precision::Split ? ceil_of(d * a * b, word * word) : d;
  };
  const bool recompute = config.core.score_store == ScoreStore::Recompute;
  const std::vector<std::int64_t>& chunks = config.prune.probability->chunk_bits;
  const ProbabilityUnitConfig& unit = config.core.probability_unit;
  const std::int64_t b = plan.block_size;
  Rounds rounds;
  for (std::size_t round = 0; round <= chunks.size(); ++round) {
    std::int64_t most = 0, bounds = 0;
    std::set<std::int64_t> used;
    for (std::int64_t top = 0; top < plan.problem.queries; top += b) {
      std::set<std::int64_t> alive;
      for (std::int64_t i = top; i < std::min(top + b, plan.problem.queries); ++i) {
        auto fate = plan.estimates.row(i).begin();
        std::int64_t entries = 0;
        for_each_kept(plan, i, [&](std::int64_t key) {
          if (fate++->chunks < round) return;
          alive.insert(key);
          used.insert(key);
          ++entries;
        });
        bounds += (round == 0 ? 2 : 1) * ceil_of(entries, unit.tests_per_cycle);
        if (round == 0) bounds += ceil_of(d, unit.margin_elements);
      }
      most = std::max<std::int64_t>(most, std::ssize(alive));
    }
    if (most == 0 && round > 0) break;
    std::int64_t cycles =
        round == 0 ? pass(word - integer, integer)
                   : pass(config.prune.approximation ? integer : word, chunks[round - 1]);
    if (round == 0 && recompute) cycles += integer_tile(array.precision, d);
    rounds.products.push_back(ceil_of(most, array.columns) * cycles);
    rounds.bounds.push_back(std::max<std::int64_t>(1, bounds));
    rounds.ranges.push_back(
        std::ranges::count_if(used, [&](std::int64_t key) { return !used.contains(key - 1); }));
  }
  std::int64_t most = 0;
  for (std::int64_t top = 0; top < plan.problem.queries; top += b) {
    std::set<std::int64_t> keys;
    for (std::int64_t i = top; i < std::min(top + b, plan.problem.queries); ++i) {
      auto fate = plan.estimates.row(i).begin();
      std::int64_t survivors = 0;
      for_each_kept(plan, i, [&](std::int64_t key) {
        if (!fate++->survives) return;
        keys.insert(key);
        ++survivors;
      });
      rounds.softmax += ceil_of(survivors, config.core.softmax.lanes);
    }
    most = std::max<std::int64_t>(most, std::ssize(keys));
  }
  rounds.value = most * ceil_of(d, array.columns);
  return rounds;
}

void expect_exact(const HdpConfig& config, const Problem& problem, std::int64_t d,
                  const FateOf& fates) {
  const std::int64_t b = config.prune.block_size;
  const Kept kept = leftmost(problem, b, 5);
  HdpPlan plan = plan_of(problem, b, kept);
  estimate_by_hand(plan, config.prune.probability->chunk_bits.size(), fates);
  const Rounds want = rounds_of(config, d, plan);
  const Played got = play(config, d, plan);
  std::int64_t end = expect_hdp(config, d, problem, kept).decision() + kQueryRows;
  for (std::size_t r = 0; r < want.products.size(); ++r)
    end += (r == 0 ? 0 : kNextChunk + want.ranges[r]) +
           std::max<std::int64_t>(1, want.products[r]) + kPipeline + want.bounds[r] + kUnitLatency;
  end += kJobHop + std::max<std::int64_t>(1, want.softmax) + kSoftmaxLatency + kJobHop +
         std::max<std::int64_t>(1, want.value) + kWriteBack;
  EXPECT_EQ(got.cycles, end);
  EXPECT_EQ(got.unit("core0.probability_unit").busy,
            std::accumulate(want.bounds.begin(), want.bounds.end(), std::int64_t{0}));
  EXPECT_EQ(got.counter("core0.probability_unit", "rounds"), std::ssize(want.products));
  EXPECT_EQ(got.array("fraction"),
            std::accumulate(want.products.begin(), want.products.end(), std::int64_t{0}));
}

TEST(ProbabilityStageTest, ARoundAfterTheOtherIsExact) {
  const Problem problem{0, 8, 32, false};
  for (const Precision precision : {Precision::Uniform, Precision::Fused, Precision::Split})
    for (const bool approximation : {true, false})
      for (const ScoreStore store : {ScoreStore::Keep, ScoreStore::Recompute})
        for (const auto& chunks : {std::vector<std::int64_t>{12}, {4, 8}, {4, 4, 4}}) {
          SCOPED_TRACE(fmt::format("precision {} approximation {} store {} chunks {}",
                                   name_of(precision), approximation, name_of(store),
                                   chunks.size()));
          HdpConfig config = estimating(unloaded(8, 8, 2, precision), chunks);
          config.core.score_store = store;
          config.prune.approximation = approximation;
          config.core.sparsity_engine.blocks_per_cycle = 64;
          config.core.probability_unit.tests_per_cycle = 3;
          const auto all = static_cast<std::uint8_t>(chunks.size());
          expect_exact(config, problem, 64, [&](std::int64_t i, std::int64_t key) {
            const auto read = std::min<std::uint8_t>(all, static_cast<std::uint8_t>(key % 4));
            return EntryFate{read, read == all && i % 3 != 1};
          });
          // Nothing needs a fraction bit.
          expect_exact(config, problem, 64, [](std::int64_t, std::int64_t) { return EntryFate{}; });
        }
}

MachineCase arbitrary_estimates() {
  MachineCase c = arbitrary_case();
  std::vector<std::int64_t> chunks;
  for (std::int64_t left = *c.config.prune.fraction_bits; left > 0; left -= chunks.back())
    chunks.push_back(in_range(1, left + 1));
  // Every chunk of a row takes whole bytes: a tile of them must fit, in each half.
  c.config.core.k_sram.bytes += 2 * c.config.core.pe_array.columns * std::ssize(chunks);
  c.config = estimating(c.config, chunks);
  const std::int64_t often = in_range(1, 6);
  for (HdpPlan& plan : c.plans)
    estimate_by_hand(plan, chunks.size(), [&](std::int64_t, std::int64_t) {
      std::uint8_t read = 0;
      while (read < chunks.size() && in_range(0, 6) < often) ++read;
      return EntryFate{read, read == chunks.size() && in_range(0, 6) < often};
    });
  return c;
}

RC_GTEST_PROP(ProbabilityStageTest, EveryMachineEndsAndReadsTheUnionOfWhatIsAlive, ()) {
  const MachineCase c = arbitrary_estimates();
  const Played played = play(c.config, c.shape, c.plans);
  for (const UnitReport& unit : played.units) {
    std::int64_t sum = unit.idle + unit.busy;
    for (const Counter& blocked : unit.blocked) sum += blocked.value;
    RC_ASSERT(sum == played.cycles);
  }
  const Layout& layout = played.layout;
  std::int64_t least = 0, most = 0;
  for (std::size_t chunk = 0; chunk < layout.chunks.size(); ++chunk) {
    const std::int64_t bytes = layout.chunks[chunk].row_bytes;
    least += bytes * estimated_rows(layout, c.plans, chunk, false);
    most += bytes * estimated_rows(layout, c.plans, chunk, !layout.k_frac_resident);
  }
  RC_ASSERT(played.read_of(Tensor::KFrac) >= least);
  RC_ASSERT(played.read_of(Tensor::KFrac) <= most);
  const std::size_t values = layout.chunks.size();
  RC_ASSERT(played.read_of(Tensor::V) >=
            layout.word_row_bytes * estimated_rows(layout, c.plans, values, false));
  RC_ASSERT(played.read_of(Tensor::V) <=
            layout.word_row_bytes * estimated_rows(layout, c.plans, values, !layout.v_resident));
  std::int64_t bounds = 0;
  for (const HdpPlan& plan : c.plans)
    bounds += plan.estimate_counts.entries + plan.estimate_counts.chunks_fetched();
  RC_ASSERT(played.totals().bounds == bounds);
}

RC_GTEST_PROP(ProbabilityStageTest, NeitherTheOrderOfTicksNorSkippingChangesAnything, ()) {
  const MachineCase c = arbitrary_estimates();
  const auto want = accounts(play(c.config, c.shape, c.plans, {IdleCycles::Visit, {}}));
  std::vector<std::size_t> order(static_cast<std::size_t>(6 * c.config.cores + 2));
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1],
              order[static_cast<std::size_t>(in_range(0, static_cast<std::int64_t>(i)))]);
  RC_ASSERT(accounts(play(c.config, c.shape, c.plans, {IdleCycles::Skip, order})) == want);
  RC_ASSERT(accounts(play(c.config, c.shape, c.plans, {IdleCycles::Visit, order})) == want);
}

/// Every combination of stages, on prefills and a decode.
TEST(ProbabilityStageTest, StagesComposeInAnyCombination) {
  const std::vector<Trace> traces = [] {
    std::vector<Trace> all;
    all.push_back(random_trace({4, 2, 24, 24, 16}, Stage::Prefill, true, 2, 3));
    all.push_back(random_trace({4, 2, 6, 30, 16}, Stage::Decode, true, 3, 3));
    return all;
  }();
  for (const Trace& trace : traces)
    for (const char* const keep : {"1", "linear"})
      for (const double tau : {-1.0, 0.5})
        for (const double rho : {kNoBlock, 0.2}) {
          HdpConfig config;
          config.prune.tau = tau;
          config.prune.rho = rho;
          config.prune.split = SplitMode::Floor;
          config.prune.importance = Importance::Signed;
          config.cascade.token.keep = config.cascade.head.keep = keep;
          const HdpResult without = run_hdp(config, trace);
          const HdpResult with = run_hdp(estimating(config, {}), trace);
          const EstimateCounts& counts = with.decisions.estimates;
          SCOPED_TRACE(fmt::format("cascade {} tau {} rho {}", keep, tau, rho));
          EXPECT_EQ(without.decisions.estimates.entries, 0);
          // The cascade's importances are those of survivors.
          EXPECT_TRUE(!with.cascade.empty() ||
                      with.decisions.kept_entries == without.decisions.kept_entries);
          EXPECT_GT(counts.entries, 0);
          EXPECT_LE(counts.entries, with.decisions.kept_entries);
          EXPECT_GT(counts.survivors, 0);
          EXPECT_LT(counts.survivors, counts.entries);
          EXPECT_EQ(counts.entries - std::accumulate(counts.pruned_after.begin(),
                                                     counts.pruned_after.end(), std::int64_t{0}),
                    counts.survivors);
          EXPECT_LE(with.read_bytes[static_cast<std::size_t>(Tensor::V)],
                    without.read_bytes[static_cast<std::size_t>(Tensor::V)]);
          EXPECT_EQ(with.totals.macs[static_cast<std::size_t>(Phase::Value)],
                    counts.survivors * 16);
          EXPECT_EQ(with.totals.bounds, counts.entries + counts.chunks_fetched());
          EXPECT_GT(with.fidelity.mass_sum, 0.5 * without.fidelity.mass_sum);
        }
}

TEST(ProbabilityStageTest, TheBaselineSameHasNone) {
  const HdpConfig config = without_pruning(estimating(HdpConfig{}, {}));
  EXPECT_FALSE(config.prune.probability);
  EXPECT_TRUE(config.stages().empty());
}

TEST(ProbabilityStageTest, ChunksArePlanesThatAreReadOnceForAll) {
  HdpConfig config = estimating(HdpConfig{}, {});
  config.core.fetch.planes = Planes::SplitOnFetch;
  EXPECT_EQ(
      error_of([&] { validate(config); }),
      "/prune/probability: does not go with /core/fetch/planes split_on_fetch; allowed: null, "
      "or with /core/fetch/planes stored");
  config.core.fetch.planes = Planes::Stored;
  config.core.fetch.reuse = false;
  EXPECT_EQ(error_of([&] { validate(config); }),
            "/prune/probability: does not go with /core/fetch/reuse false; allowed: null, or with "
            "/core/fetch/reuse true");
}

}  // namespace
}  // namespace hdp::test
