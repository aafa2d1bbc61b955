// SPDX-License-Identifier: Apache-2.0
#include "prune/naive_hdp.hpp"

#include <algorithm>
#include <cmath>

namespace hdp::test {
namespace {

struct Code {
  Int128 whole, part, code;
};

long double power_of_two(std::int64_t exponent) {
  return std::ldexp(1.0L, static_cast<int>(exponent));
}

Code code_of(double x, const HdpSettings& s) {
  const std::int64_t f = *s.fraction_bits;
  const long double limit = power_of_two(s.word_bits - 1) - 1;
  const long double q = std::clamp(std::nearbyint(x * power_of_two(f)), -limit, limit);
  const long double value = q / power_of_two(f);
  long double whole = std::trunc(value);
  if (s.split == SplitMode::Floor) whole = std::floor(value);
  if (s.split == SplitMode::Nearest) whole = std::floor(value + 0.5L);
  if (f == 0) whole = q;
  return {static_cast<Int128>(whole), static_cast<Int128>(q - whole * power_of_two(f)),
          static_cast<Int128>(q)};
}

Rows<Code> codes_of(const Rows<double>& rows, const HdpSettings& s) {
  Rows<Code> codes;
  for (const auto& row : rows) {
    codes.emplace_back();
    for (const double x : row) codes.back().push_back(code_of(x, s));
  }
  return codes;
}

Int128 dot(const std::vector<Code>& a, Int128 Code::*of_a, const std::vector<Code>& b,
           Int128 Code::*of_b) {
  Int128 sum = 0;
  for (std::size_t e = 0; e < a.size(); ++e) sum += a[e].*of_a * b[e].*of_b;
  return sum;
}

Int128 magnitude(Int128 x) { return x < 0 ? -x : x; }

/// One head on its way through the definition, step after step.
class Naive {
 public:
  Naive(const NaiveInput& input, const HdpSettings& settings)
      : in_(input),
        s_(settings),
        q_(codes_of(input.q, settings)),
        k_(codes_of(input.k, settings)),
        v_(codes_of(input.v, settings)) {}

  NaiveResult run() {
    integer_pass();
    for (std::size_t bi = 0; bi < r_.theta.size(); ++bi) prune_row(bi);
    decide_head();
    for (std::size_t i = 0; i < q_.size(); ++i) finish_row(i);
    return r_;
  }

 private:
  [[nodiscard]] bool allowed(std::size_t i, std::size_t j) const {
    return !in_.causal || j + q_.size() <= i + k_.size();
  }
  [[nodiscard]] bool kept(std::size_t i, std::size_t j) const {
    const auto b = static_cast<std::size_t>(s_.block_size);
    return allowed(i, j) && r_.kept[i / b][j / b];
  }

  void integer_pass() {
    const auto b = static_cast<std::size_t>(s_.block_size);
    const std::size_t rows = (q_.size() + b - 1) / b, columns = (k_.size() + b - 1) / b;
    r_.theta.assign(rows, std::vector<std::int64_t>(columns));
    r_.kept.assign(rows, std::vector<bool>(columns));
    exists_.assign(rows, std::vector<bool>(columns));
    r_.theta_rows.assign(rows, 0);
    for (std::size_t i = 0; i < q_.size(); ++i) {
      for (std::size_t j = 0; j < k_.size(); ++j) {
        if (!allowed(i, j)) continue;
        const Int128 s = dot(q_[i], &Code::whole, k_[j], &Code::whole);
        const auto absolute = static_cast<std::int64_t>(magnitude(s));
        exists_[i / b][j / b] = true;
        r_.theta[i / b][j / b] +=
            s_.importance == Importance::Absolute ? absolute : static_cast<std::int64_t>(s);
        r_.theta_rows[i / b] += absolute;
        r_.theta_head += absolute;
        r_.s_int_sum += s;
        r_.s_int_sum_squares += s * s;
        ++r_.entries;
      }
    }
  }

  /// How many existing blocks of the row come before block bj: larger, or as large and to its left.
  [[nodiscard]] std::int64_t rank(std::size_t bi, std::size_t bj) const {
    std::int64_t before = 0;
    for (std::size_t other = 0; other < exists_[bi].size(); ++other) {
      if (!exists_[bi][other]) continue;
      const std::int64_t mine = r_.theta[bi][bj], its = r_.theta[bi][other];
      before += its > mine || (its == mine && other < bj) ? 1 : 0;
    }
    return before;
  }

  void rank_row(std::size_t bi) {
    const auto n = std::ranges::count(exists_[bi], true);
    const double share = std::floor(s_.keep * static_cast<double>(n));
    const std::int64_t k = share < 1 ? 1 : static_cast<std::int64_t>(share);
    for (std::size_t bj = 0; bj < exists_[bi].size(); ++bj) {
      if (!exists_[bi][bj]) continue;
      r_.kept[bi][bj] = rank(bi, bj) < k;
      ++r_.existing;
      r_.pruned += r_.kept[bi][bj] ? 0 : 1;
    }
  }

  void prune_row(std::size_t bi) {
    if (s_.rule == PruneRule::TopK) return rank_row(bi);
    std::vector<Int128> row;
    for (std::size_t bj = 0; bj < exists_[bi].size(); ++bj)
      if (exists_[bi][bj]) row.push_back(r_.theta[bi][bj]);
    const auto n = static_cast<Int128>(row.size());
    Int128 sum = 0;
    for (const Int128 theta : row) sum += theta;
    const auto [mn, mx] = std::minmax_element(row.begin(), row.end());
    const auto r = static_cast<Int128>(std::nearbyint(256 * std::fabs(s_.rho)));
    const Int128 limit = r * n * (s_.rho >= 0 ? *mx : *mn) + (256 - r) * sum;
    for (std::size_t bj = 0; bj < exists_[bi].size(); ++bj) {
      if (!exists_[bi][bj]) continue;
      const bool prune = 256 * n * r_.theta[bi][bj] < limit;
      r_.kept[bi][bj] = !prune;
      ++r_.existing;
      r_.pruned += prune ? 1 : 0;
    }
  }

  void decide_head() {
    if (s_.tau < 0) return;
    r_.head_limit = static_cast<std::int64_t>(std::floor(s_.tau * static_cast<double>(r_.entries)));
    r_.head_kept = r_.theta_head > *r_.head_limit;
  }

  [[nodiscard]] std::int64_t score(std::size_t i, std::size_t j) const {
    const Int128 scale = Int128{1} << *s_.fraction_bits;
    if (s_.approximation)
      return static_cast<std::int64_t>(scale * dot(q_[i], &Code::whole, k_[j], &Code::whole) +
                                       dot(q_[i], &Code::whole, k_[j], &Code::part) +
                                       dot(q_[i], &Code::part, k_[j], &Code::whole));
    const Int128 exact = dot(q_[i], &Code::code, k_[j], &Code::code);
    const Int128 below = exact % scale < 0 ? 1 : 0;
    return static_cast<std::int64_t>(exact / scale - below);
  }

  void finish_row(std::size_t i) {
    std::int64_t entries = 0;
    for (std::size_t j = 0; j < k_.size(); ++j) entries += kept(i, j) ? 1 : 0;
    r_.kept_entries += entries;
    r_.empty_rows += entries == 0 ? 1 : 0;
    r_.keys.emplace_back();
    r_.scores.emplace_back();
    r_.out.emplace_back(v_[0].size(), 0.0);
    if (!r_.head_kept) return;
    std::vector<std::size_t> taking_part;
    std::vector<double> logits;
    for (std::size_t j = 0; j < k_.size(); ++j) {
      if (kept(i, j)) {
        r_.keys[i].push_back(static_cast<std::int32_t>(j));
        r_.scores[i].push_back(score(i, j));
      }
      if (!allowed(i, j) || (!kept(i, j) && s_.masked == Masked::Exclude)) continue;
      const std::int64_t s = kept(i, j) ? r_.scores[i].back() : 0;
      taking_part.push_back(j);
      logits.push_back(std::ldexp(static_cast<double>(s), -static_cast<int>(*s_.fraction_bits)) /
                       std::sqrt(static_cast<double>(q_[i].size())));
    }
    if (!taking_part.empty()) weigh(i, taking_part, logits);
  }

  void weigh(std::size_t i, const std::vector<std::size_t>& keys,
             const std::vector<double>& logits) {
    const long double top = *std::max_element(logits.begin(), logits.end());
    long double sum = 0;
    for (const double x : logits) sum += std::exp(x - top);
    for (std::size_t e = 0; e < r_.out[i].size(); ++e) {
      long double out = 0;
      for (std::size_t t = 0; t < keys.size(); ++t)
        out += std::exp(logits[t] - top) / sum * static_cast<long double>(v_[keys[t]][e].code);
      r_.out[i][e] = static_cast<double>(out / power_of_two(*s_.fraction_bits));
    }
  }

  const NaiveInput& in_;
  const HdpSettings& s_;
  Rows<Code> q_, k_, v_;
  Rows<bool> exists_;
  NaiveResult r_;
};

}  // namespace

NaiveResult naive_hdp(const NaiveInput& input, const HdpSettings& settings) {
  return Naive(input, settings).run();
}

}  // namespace hdp::test
