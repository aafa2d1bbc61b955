// SPDX-License-Identifier: Apache-2.0
// Attention on codes beside a plain rewrite.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <machine/traces.hpp>
#include <rapidcheck/gtest.h>

#include <hdp/prune/code_attention.hpp>
#include <hdp/prune/problem.hpp>

namespace hdp::test {
namespace {

using Values = Matrix<double>;

struct Codes {
  std::vector<std::vector<double>> rows;
  double scale = 1;
};

Codes codes_of(const Values& values, std::int64_t bits) {
  const double limit = std::pow(2.0, static_cast<double>(bits - 1)) - 1;
  double most = 0;
  for (const double x : values.values()) most = std::max(most, std::abs(x));
  Codes codes{{}, most / limit};
  for (std::int64_t i = 0; i < values.rows(); ++i) {
    auto& row = codes.rows.emplace_back();
    for (const double x : values.row(i)) row.push_back(std::nearbyint(x / codes.scale));
  }
  return codes;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t x = 0; x < a.size(); ++x) sum += a[x] * b[x];
  return sum;
}

/// |out - reference| / |reference| of a head.
double plain_error(const Trace& trace, std::int64_t head, std::int64_t bits) {
  const std::int64_t stored = trace.kv_head(0, head);
  const Values q = trace.read_head(0, TensorKind::Q, head),
               k = trace.read_head(0, TensorKind::K, stored),
               v = trace.read_head(0, TensorKind::V, stored);
  const Codes cq = codes_of(q, bits), ck = codes_of(k, bits), cv = codes_of(v, bits);
  const double one = std::pow(2.0, static_cast<double>(bits - 1)) - 1;
  const auto d = static_cast<std::size_t>(q.columns());
  const double root = std::sqrt(static_cast<double>(d));
  double difference = 0, norm = 0;
  for (const Problem& problem : problems(trace, 0))
    for (std::int64_t i = 0; i < problem.queries; ++i) {
      const auto row = static_cast<std::size_t>(problem.first_query + i);
      std::vector<double> s, x;
      for (std::int64_t j = 0; j < problem.visible(i); ++j) {
        s.push_back(dot(cq.rows[row], ck.rows[static_cast<std::size_t>(j)]) * cq.scale * ck.scale /
                    root);
        double exact = 0;
        for (std::size_t e = 0; e < d; ++e)
          exact += q.row(problem.first_query + i)[e] * k.row(j)[e];
        x.push_back(exact / root);
      }
      const double top = *std::max_element(s.begin(), s.end());
      const double peak = *std::max_element(x.begin(), x.end());
      std::vector<double> out(d), want(d);
      double total = 0, mass = 0;
      for (std::size_t j = 0; j < s.size(); ++j) {
        const double code = std::nearbyint(one * std::exp(s[j] - top)), p = std::exp(x[j] - peak);
        total += code;
        mass += p;
        for (std::size_t e = 0; e < d; ++e) {
          out[e] += code * cv.rows[j][e];
          want[e] += p * v.row(static_cast<std::int64_t>(j))[e];
        }
      }
      for (std::size_t e = 0; e < d; ++e) {
        const double of_codes = out[e] * cv.scale / total, exact = want[e] / mass;
        difference += (of_codes - exact) * (of_codes - exact);
        norm += exact * exact;
      }
    }
  return std::sqrt(difference / norm);
}

RC_GTEST_PROP(CodeAttentionTest, ErrorsAreThoseOfAPlainRewrite, ()) {
  const auto in = [](int low, int high) {
    return static_cast<std::int64_t>(*rc::gen::inRange(low, high));
  };
  const std::int64_t kv_heads = in(1, 3), heads = kv_heads * in(1, 3), queries = in(1, 10);
  const std::int64_t keys = queries + in(0, 20), bits = in(2, 17);
  const Stage stage = in(0, 2) == 1 ? Stage::Decode : Stage::Prefill;
  const Trace trace = random_trace({heads, kv_heads, queries, keys, in(1, 20)}, stage,
                                   in(0, 2) == 1, static_cast<unsigned>(in(0, 1000)));
  const auto layers = attend_in_codes(trace, bits, 2);
  RC_ASSERT(layers.size() == 1U);
  RC_ASSERT(std::ssize(layers[0]) == heads);
  for (const CodeAttentionHead& head : layers[0]) {
    const double want = plain_error(trace, head.head, bits);
    // A code may flip where an exponential is a tie but for its last bit.
    RC_ASSERT(std::abs(head.error.relative_frobenius().value() - want) <= 1e-6 + 1e-6 * want);
    RC_ASSERT(head.counts.q_saturated == 0);
  }
}

TEST(CodeAttentionTest, OneKeyGivesItsValue) {
  const Trace trace = random_trace({1, 1, 1, 1, 8}, Stage::Prefill, false, 3);
  const auto layers = attend_in_codes(trace, 16, 1);
  EXPECT_LT(layers[0][0].error.relative_frobenius().value(), 1e-4);
  EXPECT_EQ(layers[0][0].counts.pairs, 1);
}

}  // namespace
}  // namespace hdp::test
