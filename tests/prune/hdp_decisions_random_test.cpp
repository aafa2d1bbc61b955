// SPDX-License-Identifier: Apache-2.0
// Everything that decide_hdp() reports of a head, against the definition written down as loops.
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "prune/hdp_case.hpp"
#include <hdp/base/digest.hpp>
#include <hdp/numeric/bit_matrix.hpp>
#include <hdp/prune/hdp_decisions.hpp>

namespace hdp::test {
namespace {

/// A case whose scores are small enough for a softmax in double to be good to 1e-9.
HdpCase tame_case() {
  HdpCase c = arbitrary_hdp_case();
  c.settings.word_bits = 12;
  c.settings.fraction_bits = std::min<std::int64_t>(*c.settings.fraction_bits, 8);
  for (auto& tensor : c.values) {
    double most = 0;
    for (const double x : tensor) most = std::max(most, std::abs(x));
    for (double& x : tensor) x *= most == 0 ? 0 : 4 / most;
  }
  if (c.settings.tau > 0) c.settings.tau = std::fmod(c.settings.tau, 8);
  return c;
}

/// Softmax probabilities of query i over the keys it sees, on the values as stored.
std::vector<double> dense_row(const NaiveInput& in, std::size_t i) {
  const std::size_t visible = in.causal ? i + 1 + in.k.size() - in.q.size() : in.k.size();
  std::vector<long double> weights;
  long double sum = 0;
  for (std::size_t j = 0; j < visible; ++j) {
    long double logit = 0;
    for (std::size_t e = 0; e < in.q[i].size(); ++e)
      logit += static_cast<long double>(in.q[i][e]) * in.k[j][e];
    weights.push_back(std::exp(logit / std::sqrt(static_cast<long double>(in.q[i].size()))));
    sum += weights.back();
  }
  std::vector<double> p(in.k.size());
  for (std::size_t j = 0; j < visible; ++j) p[j] = static_cast<double>(weights[j] / sum);
  return p;
}

/// What the problems of a head add up to.
struct Expected {
  Expected(const HdpCase& c, std::int64_t head, const std::vector<Problem>& all)
      : b(c.settings.block_size),
        kept(c.shape.n_q, c.shape.n_k),
        blocks(block_rows(all), ceil_div(c.shape.n_k, b)) {
    for (const Problem& problem : all) add(c.naive(head, problem), c, problem.first_query);
    mass /= static_cast<double>(c.shape.n_q);
  }

  [[nodiscard]] std::int64_t block_rows(const std::vector<Problem>& all) const {
    std::int64_t rows = 0;
    for (const Problem& problem : all) rows += ceil_div(problem.queries, b);
    return rows;
  }

  void add(const NaiveInput& input, const HdpCase& c, std::int64_t first_query) {
    const NaiveResult r = naive_hdp(input, c.settings);
    for (std::size_t i = 0; i < r.kept.size(); ++i, ++block_row) {
      std::vector<std::int64_t> row = r.theta[i];
      row.resize(static_cast<std::size_t>(ceil_div(c.shape.n_k, b)));
      theta.update_integers(row);
      kept_per_row.push_back(std::ranges::count(r.kept[i], true));
      for (std::size_t j = 0; j < r.kept[i].size(); ++j)
        if (r.kept[i][j]) blocks.set(block_row, static_cast<std::int64_t>(j));
    }
    for (std::size_t i = 0; i < input.q.size(); ++i) {
      const std::vector<double> p = dense_row(input, i);
      for (std::size_t j = 0; j < input.k.size(); ++j) {
        const auto block = static_cast<std::size_t>(b);
        const bool allowed = !input.causal || j + input.q.size() <= i + input.k.size();
        if (!allowed || !r.kept[i / block][j / block]) continue;
        kept.set(first_query + static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
        used.insert(j);
        if (r.head_kept) mass += p[j];
      }
      scores.update_integers(r.scores[i]);
      for (const std::int64_t s : r.scores[i]) score_sum += s;
      for (const double x : r.out[i]) out_squares += x * x;
      for (std::size_t e = 0; e < input.v[0].size(); ++e) {
        double reference = 0;
        for (std::size_t j = 0; j < p.size(); ++j) reference += p[j] * input.v[j][e];
        gap_squares += (r.out[i][e] - reference) * (r.out[i][e] - reference);
        reference_squares += reference * reference;
      }
    }
  }

  std::int64_t b;
  BitMatrix kept, blocks;
  Sha256 theta, scores;
  std::int64_t block_row = 0;
  std::vector<std::int64_t> kept_per_row;
  std::set<std::size_t> used;
  Int128 score_sum = 0;
  double mass = 0, out_squares = 0, gap_squares = 0, reference_squares = 0;
};

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

RC_GTEST_PROP(HdpDecisionsRandomTest, DigestsAndSumsAreThoseOfTheDefinition, ()) {
  const HdpCase c = tame_case();
  RC_LOG() << c.describe() << "\n";
  const Trace trace = c.trace();
  const HdpDecisions decisions = decide_hdp(trace, c.settings, std::nullopt, 1);
  RC_ASSERT(decisions.causal == c.causal);
  for (const HdpHeadDecisions& head : decisions.layers.at(0).heads) {
    Expected want(c, head.head, problems(trace, 0));
    RC_ASSERT(head.kept_mask_sha256 == want.kept.sha256());
    RC_ASSERT(head.block_mask_sha256 == want.blocks.sha256());
    RC_ASSERT(head.theta_sha256 == want.theta.hex());
    RC_ASSERT(head.score_sha256 == want.scores.hex());
    RC_ASSERT(head.kept_blocks_per_row_block == want.kept_per_row);
    RC_ASSERT(head.keys_used == static_cast<std::int64_t>(want.used.size()));
    RC_ASSERT((head.score_sum == want.score_sum));
    RC_ASSERT(near(head.mass_kept, want.mass));
    RC_ASSERT(near(head.error.out_norm(), std::sqrt(want.out_squares)));
    if (want.reference_squares > 1e-12)
      RC_ASSERT(near(head.error.relative_frobenius().value(),
                     std::sqrt(want.gap_squares / want.reference_squares)));
  }
}

/// All of a head's decisions, comparable.
auto facts(const HdpHeadDecisions& h) {
  return std::tuple(
      h.head, h.kv_head, h.entries, h.theta_head, h.head_limit, h.head_kept, h.blocks_existing,
      h.blocks_pruned, h.kept_blocks_per_row_block,
      std::tuple(h.kept_entries, h.keys_used, h.empty_rows, h.kept_mask_sha256, h.block_mask_sha256,
                 h.theta_sha256, h.score_sha256),
      std::tuple(h.s_int_sum, h.s_int_sum_squares, h.score_sum, h.score_sum_squares),
      std::tuple(h.mass_kept, h.error.relative_frobenius(), h.error.cosine(), h.error.out_norm()));
}

RC_GTEST_PROP(HdpDecisionsRandomTest, TheNumberOfThreadsDoesNotShow, ()) {
  const HdpCase c = arbitrary_hdp_case();
  const Trace trace = c.trace();
  const HdpDecisions one = decide_hdp(trace, c.settings, std::nullopt, 1);
  const HdpDecisions three = decide_hdp(trace, c.settings, std::nullopt, 3);
  const auto& heads = three.layers.at(0).heads;
  RC_ASSERT(heads.size() == one.layers.at(0).heads.size());
  for (std::size_t h = 0; h < heads.size(); ++h)
    RC_ASSERT((facts(heads[h]) == facts(one.layers[0].heads[h])));
  RC_ASSERT(three.total.kept_entries == one.total.kept_entries);
}

}  // namespace
}  // namespace hdp::test
